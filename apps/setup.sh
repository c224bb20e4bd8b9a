# Sourced by apps/quickstart and tests/run: installs what is missing with apt, as root or through sudo. Sets the package lists.

BUILD_PACKAGES=(g++ cmake ninja-build pkg-config libsqlite3-dev libsqlitecpp-dev libicu-dev libeigen3-dev libboost-dev
  libboost-graph-dev doctest-dev libcli11-dev nlohmann-json3-dev libfmt-dev libprotozero-dev libxxhash-dev libexpat1-dev
  zlib1g-dev wordnet-base)
TEST_PACKAGES=(python3 python3-venv python3-numpy python3-sentencepiece python3-xxhash librapidcheck-dev sqlite3 strace)
FULL_PACKAGES=(clang-14 libclang-rt-14-dev llvm-14 clang-tidy-14 clang-format-14 python3-torch)

say() { printf '\n== %s\n' "$*" >&2; }

# setup_packages PACKAGE...: installs those not installed; silent when there is nothing to do.
setup_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "These packages are missing and neither root nor sudo is at hand: ${missing[*]}" >&2
      return 1
    }
    as_root=(sudo)
  fi
  say "installing with apt: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
