"""The checks that compare files: pseudonyms, UIDs and dates of one patient must agree wherever they stand."""

from __future__ import annotations

from collections import Counter, defaultdict

from checks import Result


def judge(results: list[Result]) -> None:
    """Decides the results of all files that were left open."""
    for check in ("uid_consistent", "patid_consistent", "date_shifted"):
        pending = [r for r in results if r.row.check == check and r.outcome == ""]
        usual = _usual(pending)
        shared = _shared(usual) if check != "date_shifted" else set()
        for result in pending:
            _decide(result, usual[_owner(result)], shared)


def _owner(result: Result) -> str:
    """What has one value in all files: a UID, or a patient with one pseudonym and one distance in time."""
    return result.row.values[0] if result.row.check == "uid_consistent" else result.row.patient


def _usual(results: list[Result]) -> dict[str, str]:
    """The value that each owner has most often."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        seen[_owner(result)][result.seen] += 1
    return {owner: counts.most_common(1)[0][0] for owner, counts in seen.items()}


def _shared(usual: dict[str, str]) -> set[str]:
    """Values that several owners have: they tell nobody apart."""
    return {value for value, count in Counter(usual.values()).items() if count > 1}


def _decide(result: Result, usual: str, shared: set[str]) -> None:
    check = result.row.check
    if check == "patid_consistent" and result.seen == result.row.values[0] or check == "date_shifted" and usual == result.seen == "0":
        result.outcome, result.why = "leak", "unchanged"
    elif result.seen != usual:
        result.outcome, result.why = "loss", "another than elsewhere"
    elif result.seen in shared:
        result.outcome, result.why = "loss", "shared with others"
    else:
        result.outcome = "pass"
