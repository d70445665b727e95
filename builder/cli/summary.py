"""What an import changed and what it left out, for the owner to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from builder.stages.changes import KINDS, Change, changes_path, last_changes
from builder.stages.context import Context
from builder.stages.importing import rejections
from connectors.records import Rejection

SHOWN = 10
TITLES = {
    "new": "New",
    "changed": "Changed",
    "renamed": "Renamed",
    "gone": "No longer in the source",
}


REASONS = {
    "unsupported": "Formats that are not read",
    "broken": "Damaged",
    "no-text": "Without text",
    "empty": "Empty",
    "encrypted": "Protected by a password",
    "unreadable": "Not readable",
    "binary": "Not what the name says",
    "too-large": "Too large",
    "timeout": "Too slow to read",
    "link-outside": "Links to outside the folder",
    "unreachable": "Sources that can't be reached",
    "robots": "Closed to crawlers by robots.txt",
    "noindex": "Pages that ask not to be indexed",
    "nofollow": "Links that ask not to be followed",
    "duplicate": "The same as another item",
    "other-site": "Redirected to another site",
}
"""Reason of a Rejection → heading; another reason is its own."""
AS_MEANT = {"ignored", "robots", "noindex", "nofollow", "duplicate", "other-site"}
"""Reasons that somebody wants: nothing has to be done about them."""


def show_import(context: Context) -> int:
    """Name what is new, changed, renamed, gone and left out; status 1 when something was left
    out that nobody meant to."""
    _show_changes(context)
    return show_rejections(context)


def _show_changes(context: Context) -> None:
    say = context.voice.say
    counts: Counter[str] = Counter()
    shown: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for change in last_changes(context.workspace):
        counts[change.kind] += 1
        if len(shown[change.kind]) < SHOWN:
            shown[change.kind].append(_named(change))
    for kind, names in shown.items():
        if names:
            say(f"{TITLES[kind]} ({counts[kind]}):")
            _list(context, names, counts[kind])
    if counts and max(counts.values()) > SHOWN:
        say(f"  All changes: {changes_path(context.workspace)}")


def _named(change: Change) -> str:
    return f"{change.was} → {change.source}" if change.was else change.source


def show_rejections(context: Context) -> int:
    """Name the items that were not imported, those with one reason together; status 1 when there
    are any that nobody meant to leave out."""
    left_out = rejections(context)
    if not left_out:
        return 0
    say = context.voice.say
    say(f"\nNot imported ({len(left_out)}):")
    for reason, count in Counter(r.reason for r in left_out).most_common():
        _show_reason(context, reason, [r for r in left_out if r.reason == reason], count)
    if len(left_out) > SHOWN:
        say(f"  The whole list: {context.workspace.rejections}")
    return int(any(rejection.reason not in AS_MEANT for rejection in left_out))


def _show_reason(context: Context, reason: str, group: list[Rejection], count: int) -> None:
    """One message for all, where it is the same; else each with its own."""
    say = context.voice.say
    messages = {rejection.message for rejection in group}
    title = REASONS.get(reason, reason)
    if len(messages) == 1 and count > 1:
        say(f"  {title} ({count}): {group[0].message}")
        _list(context, (r.source for r in group[:SHOWN]), count)
        return
    say(f"  {title} ({count}):")
    _list(context, (f"{r.source}: {r.message}" for r in group[:SHOWN]), count)


def _list(context: Context, lines: Iterable[str], count: int) -> None:
    for line in lines:
        context.voice.say(f"    {line}")
    if count > SHOWN:
        context.voice.say(f"    … and {count - SHOWN} more")
