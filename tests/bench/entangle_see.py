"""Tables of floats alone beside the same with the composition's rows shuffled, at equal sizes: pure SEE of order 2 and 3, the
additive form, and each with a low-rank residual.

    SEMEME=build/release/sememe /usr/bin/python3 tests/bench/entangle_see.py [COMPOSITION] [--table FILE] [--ratios 20 40]
        [--epochs 30] [--forms product2 product3 additive low-rank] [--by bytes parameters]

Without COMPOSITION: the last three letters of each sample token, which needs no lexicon. Each line is one run of
`sememe train --control`; sizes are those of files, parameters those of the printed formula. Exit status 1 if a size is not
met from above within 1 %, or the formula does not give the parameters, or knowledge does not beat its control.
"""
import argparse
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import support  # noqa: E402

FORMS = {
    "product2": ("--prior", "product", "--order", 2, "--residual", "none"),
    "product3": ("--prior", "product", "--order", 3, "--residual", "none"),
    "additive": ("--prior", "additive", "--residual", "none"),
    "low-rank": ("--prior", "additive", "--residual", "low-rank"),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("composition", nargs="?")
    parser.add_argument("--table", default=support.SAMPLES / "embed_tokens.safetensors")
    parser.add_argument("--ratios", nargs="+", type=float, default=[20, 40])
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    parser.add_argument("--by", nargs="+", choices=["bytes", "parameters"], default=["bytes", "parameters"])
    options = parser.parse_args()
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        composition = options.composition or support.sample_composition(folder / "composition")
        for form in options.forms:
            for by in options.by:
                for ratio in options.ratios:
                    size = ("--ratio" if by == "bytes" else "--parameter-ratio", ratio)
                    out = folder / "table"
                    report = support.run_json("train", "--table", options.table, "--composition", composition, *FORMS[form], *size,
                                              "--epochs", options.epochs, "--control", "--out", out, timeout=3000)
                    met = report["ratio"] if by == "bytes" else report["parameter_ratio"]
                    control = report["control"]
                    print(f"{form:9} {ratio:g}x by {by:10}: {met:.2f}x, {report['file_bytes']:,} bytes, {report['parameters']:,} "
                          f"parameters = {report['formula']}; {report['form']}; relative error {report['relative_error']:.4f}, "
                          f"shuffled {control['relative_error']:.4f} in {control['file_bytes']:,} bytes; held-out "
                          f"{100 * report['held_out']['explained']:.1f} %, shuffled {100 * report['held_out']['shuffled']:.1f} %; "
                          f"{report['seconds']:.0f} s", flush=True)
                    label = f"{form} {ratio:g}x by {by}"
                    if not ratio <= met < 1.01 * ratio:
                        missed.append(f"{label}: size {met:.3f}x")
                    if out.stat().st_size != report["file_bytes"] or eval(report["formula"]) != report["parameters"]:
                        missed.append(f"{label}: bytes or parameters are not what is printed")
                    if not report["relative_error"] < control["relative_error"]:
                        missed.append(f"{label}: no better than its control")
    for line in missed:
        print("missed:", line)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
