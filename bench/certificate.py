"""What printing one certificate costs, as a ratio to opening and parsing the same file with pikepdf.

Both are measured in one run, in CPU time, on contents that all differ: the ratio outlives a change of machine.
Run from the repository: PYTHONPATH=.:layers/shared python bench/certificate.py
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from statistics import median
from typing import TypeVar

from cvec.adapters.certificate_pdf import TypstPrinter
from cvec.domain.certificate_content import CertificateContent
from cvec.domain.certificate_number import ALPHABET, CertificateNumber

from tests.support.certificate_page import SPECIMEN, opened

ROUNDS = 100

Result = TypeVar("Result")


def contents() -> Iterator[CertificateContent]:
    for round_ in range(ROUNDS):
        letters = "DTGB" + ALPHABET[round_ // len(ALPHABET)] + ALPHABET[round_ % len(ALPHABET)]
        number = CertificateNumber.draw("CRE", 2026, letters)
        yield replace(SPECIMEN, number=number, check_url=f"https://cvec.example/fr/verifier/{number.compact}")


def cpu_seconds(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def parse(pdf: bytes) -> int:
    with opened(pdf) as file:
        return sum(len(page.Contents.read_bytes()) for page in file.pages) + len(list(file.objects))


def main() -> None:
    printer = TypstPrinter()
    first, _ = cpu_seconds(partial(printer.print, SPECIMEN))
    printed = [cpu_seconds(partial(printer.print, content)) for content in contents()]
    parsed = [cpu_seconds(partial(parse, pdf))[0] for _, pdf in printed]
    cost, baseline = median(seconds for seconds, _ in printed), median(parsed)
    print(f"print / parse = {cost / baseline:.1f}   ({cost * 1e3:.1f} ms / {baseline * 1e3:.2f} ms)")
    print(f"first print, imports and fonts included = {first / cost:.1f} prints")
    print(f"size = {median(len(pdf) for _, pdf in printed) / 1e3:.1f} kB")


if __name__ == "__main__":
    main()
