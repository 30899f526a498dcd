"""Send the API what its document allows and what it forbids, for as long as it takes: `python -m benchmarks.fuzzing`.

The same as `tests/contract/test_fuzzing.py` with more examples, of another kind every time. It says by which seed;
`--seed` repeats it.
"""

import argparse
import os
import secrets
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import pytest


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000, help="about so many, spread over all operations")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    parser.add_argument("--only", default="", help="a part of a type's name, such as order")
    asked = parser.parse_args()
    print(f"--seed {asked.seed}", flush=True)
    os.environ |= {"FUZZ_REQUESTS": str(asked.requests), "FUZZ_SEED": str(asked.seed)}
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        options = ["-q", "-n", "2", "--timeout", "0", f"--junitxml={report}", "-k", asked.only]
        outcome = pytest.main([*options, "tests/contract/test_fuzzing.py"])
        sent = ElementTree.parse(report).iterfind(".//property[@name='requests']")
        print(f"{sum(int(each.get('value')) for each in sent)} requests sent")
    return outcome


if __name__ == "__main__":
    sys.exit(main())
