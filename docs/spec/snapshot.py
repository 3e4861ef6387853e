"""A day's copy of all rows (evx-snapshot/1), as README.md says."""
import gzip
import zlib

from ed25519 import signed_by
from formats import Unread, from_url64, h, log_fault, strict, within

MOST_LINES = 600_000_000


def snapshot_fault(text, lines, registry):
    """Null where the statement is of these lines, signed within its key's window, and logged by its hash; else the check."""
    try:
        file = strict(text)
        statement = strict(file["statement"])
        if statement["format"] != "evx-snapshot/1":
            return "format"
        key = next((one for one in registry["keys"] if one["id"] == statement["keyId"]), None)
        if key is None:
            return "key"
        signed = b"evx-snapshot/1\n" + file["statement"].encode()
        if not signed_by(from_url64(key["publicKey"]), signed, from_url64(file["signature"])):
            return "signature"
        if (statement["sha256"], statement["rows"]) != (h(lines).hex(), lines.count(b"\n")):
            return "lines"
        if statement["day"] != file["day"] or not within(key, statement["at"]):
            return "dates"
        if file["log"] is None:
            return "log"
        entry = strict(file["log"]["entry"])
        named = tuple(entry.get(name) for name in ("kind", "day", "statement"))
        if named != ("snapshot", file["day"], h(file["statement"].encode()).hex()):
            return "log"
        return log_fault(file["log"], registry)
    except (KeyError, ValueError, TypeError, AttributeError):
        return "format"


SNAPSHOT_SENTENCES = {
    "format": "It is no statement of a day's snapshot.",
    "key": "It is signed with a key that the registry's facts do not name.",
    "signature": "The statement's signature does not hold.",
    "lines": "The lines are not those that the statement is about.",
    "dates": "It is of another day, or dated outside the time in which its key was in use.",
    "log": "It does not show that the public log has this statement.",
    "witnesses": "Fewer witnesses signed the log's checkpoint than are wanted.",
}


def unpacked(path):
    """The lines of a snapshot; no more of them than a registry has."""
    try:
        with gzip.open(path) as packed:
            lines = packed.read(MOST_LINES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unread(f"{path} cannot be unpacked.") from error
    if len(lines) > MOST_LINES:
        raise Unread(f"{path} has more than {MOST_LINES} bytes unpacked.")
    return lines
