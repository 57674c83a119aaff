"""Ways to tamper with an export: by accident, by hand, and by somebody who recomputes every hash."""

import base64
import hashlib
import json
import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.audit import verifier
from tests.app.audit_world import joined, lines

BESIDE = ("sentence", "actor", "target", "ip", "agent", "changes", "causes")
"""For people; no evidence."""
EXPORT, SEAL = b"stock-tracker.audit-export/1\n", b"stock-tracker.seal/1\n"


def evidence(content):
    """What an export states, however it is written; None if it cannot be read."""
    try:
        return [{k: v for k, v in each.items() if k not in BESIDE} for each in lines(content)]
    except (ValueError, AttributeError):
        return None


class Tamperer:
    """Seeded; each of `ways` returns other bytes that state something else."""

    def __init__(self, content, seed):
        self.content, self.told = content, lines(content)
        self.random = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self.ways = [
            getattr(self, name)
            for name in dir(type(self))
            if not name.startswith("_") and callable(getattr(type(self), name))
        ]

    def flip(self):
        """One bit anywhere."""
        while True:
            changed = bytearray(self.content)
            changed[self.random.randrange(len(changed))] ^= 1 << self.random.randrange(8)
            if evidence(bytes(changed)) != evidence(self.content):
                return bytes(changed)

    def change_a_value(self):
        """Of any column of any line."""
        told = lines(self.content)
        line = self.random.choice(told)
        name = self.random.choice([name for name in line if name not in BESIDE])
        line[name] = self._other(line[name])
        return joined(told)

    def drop_or_add_a_column(self):
        told = lines(self.content)
        line = self.random.choice(told)
        if self.random.random() < 0.5:
            line["remark"] = "nothing"
        else:
            del line[self.random.choice([name for name in line if name not in BESIDE])]
        return joined(told)

    def delete(self):
        told = lines(self.content)
        del told[self.random.randrange(len(told))]
        return joined(told)

    def delete_and_count_again(self):
        told = lines(self.content)
        del told[self._fact(told)]
        return joined(counted(told))

    def duplicate(self):
        told = lines(self.content)
        n = self.random.randrange(len(told))
        told.insert(self.random.randint(n, len(told)), told[n])
        return joined(counted(told) if self.random.random() < 0.5 else told)

    def insert_a_forged_line(self):
        """One more fact, well chained to the one before it."""
        told = lines(self.content)
        n = self._fact(told)
        forged = {**told[n], "version": told[n]["version"] + 1, "position": told[n]["position"] + 1}
        forged["event_id"] = self._other(forged["event_id"])
        forged["hash"] = _link(bytes.fromhex(told[n]["hash"]), forged).hex()
        told.insert(n + 1, forged)
        return joined(counted(told))

    def swap(self):
        told = lines(self.content)
        one, other = self.random.sample(range(len(told)), 2)
        told[one], told[other] = told[other], told[one]
        return joined(told)

    def truncate(self):
        """The newest facts never happened; the count is right, and the header if it is lucky."""
        told = lines(self.content)
        gone = self.random.randint(1, 10)
        told = counted([*told[: -gone - 1], told[-1]])
        return joined(_stated(told) if self.random.random() < 0.5 else told)

    def cut_the_file(self):
        return self.content[
            : self.random.randrange(self.content.index(b"\n") + 1, len(self.content) - 1)
        ]

    def drop_a_seal(self):
        told = lines(self.content)
        del told[self.random.choice([n for n, each in enumerate(told) if each["line"] == "seal"])]
        return joined(counted(told))

    def alter_a_seal(self):
        told = lines(self.content)
        seal = self.random.choice([each for each in told if each["line"] == "seal"])
        if self.random.random() < 0.5:
            name = self.random.choice([*seal["says"]])
            seal["says"][name] = self._other(seal["says"][name])
            seal["body"] = _base64(json.dumps(seal["says"], sort_keys=True).encode())
        else:
            seal["signature"] = _base64(self.random.randbytes(64))
        return joined(told)

    def rewrite_history(self):
        """Change a fact, and recompute all that can be without the key."""
        told = lines(self.content)
        n = self._fact(told)
        told[n] = self._rewritten(told[n])
        return joined(_stated(chained(told)))

    def rewrite_history_and_sign_with_another_key(self):
        told = lines(self.content)
        n = self._fact(told)
        told[n] = self._rewritten(told[n])
        return joined(_signed(chained(told), Ed25519PrivateKey.generate()))

    def _fact(self, told):
        return self.random.choice([n for n, each in enumerate(told) if each["line"] == "fact"])

    def _rewritten(self, line):
        name = self.random.choice(("actor_id", "at", "source", "payload", "causation"))
        if name == "payload":
            event = {**line["event"], "zone": "Mars/Olympus"}
            return {**line, "event": event, "payload": _base64(json.dumps(event).encode())}
        return {**line, name: self._other(line[name])}

    def _other(self, value):
        """Another value of the same kind."""
        match value:
            case bool() | None:
                return "something"
            case int():
                return value + self.random.choice((-1, 1, 1000))
            case str() if value:
                n = self.random.randrange(len(value))
                return value[:n] + ("1" if value[n] != "1" else "2") + value[n + 1 :]
            case list() | dict() if self.random.random() < 0.5:
                return type(value)()
            case list() | dict():
                return "something"
            case _:
                return "something"


def chained(told):
    """Every link anew."""
    now = {}
    for line in told:
        if line["line"] == "fact":
            stream = (line["kind"], line["stream_id"])
            line["hash"] = _link(now.get(stream, bytes(32)), line).hex()
            now[stream] = bytes.fromhex(line["hash"])
    return told


def _stated(told):
    """A header, and a newest seal, that say what is in the file; their signatures stay."""
    heads = {}
    for line in told:
        if line["line"] == "fact":
            heads[line["kind"], line["stream_id"]] = [line["version"], line["hash"]]
    newest = [each for each in told if each["line"] == "seal"][-1]
    newest["says"]["heads"] = [[*stream, *head] for stream, head in sorted(heads.items())]
    newest["says"]["events"] = sum(version for version, _ in heads.values())
    newest["body"] = _base64(json.dumps(newest["says"], sort_keys=True).encode())
    says = told[0]["says"]
    says["streams"] = [[*s, 0, "0" * 64, *head] for s, head in sorted(heads.items())]
    says["seal"]["sha256"] = hashlib.sha256(base64.b64decode(newest["body"])).hexdigest()
    told[0]["body"] = _base64(json.dumps(says, sort_keys=True).encode())
    return told


def _signed(told, key):
    """All of it as another key's: whole and sound, but not ours."""
    told, previous = _stated(told), "0" * 64
    links = {
        (line["kind"], line["stream_id"], line["version"]): line["hash"]
        for line in told
        if line["line"] == "fact"
    }
    for line in told:
        if line["line"] == "seal":
            for head in line["says"]["heads"]:
                head[3] = links[tuple(head[:3])]
            line["says"]["previous"] = previous
            body = json.dumps(line["says"], sort_keys=True).encode()
            previous = hashlib.sha256(body).hexdigest()
            line |= {"body": _base64(body), "signature": _base64(key.sign(SEAL + body))}
    told[0]["says"]["seal"]["sha256"] = previous
    body = json.dumps(told[0]["says"], sort_keys=True).encode()
    public = key.public_key().public_bytes_raw()
    told[0]["key"] = {
        "algorithm": "Ed25519",
        "public": _base64(public),
        "fingerprint": hashlib.sha256(public).hexdigest(),
    }
    told[0] |= {"body": _base64(body), "signature": _base64(key.sign(EXPORT + body))}
    return told


def _link(before, line):
    """Anybody can compute it: the rule is public."""
    parts = [_part(name, line[name]) for name in verifier.COLUMNS]
    digest = hashlib.sha256(b"".join(len(e).to_bytes(4, "big") + e for e in parts)).digest()
    return hashlib.sha256(before + line["position"].to_bytes(8, "big") + digest).digest()


def _part(name, value):
    try:
        return verifier.COLUMNS[name](value)
    except (ValueError, TypeError, OverflowError):
        return str(value).encode()


def counted(told):
    count = {kind: sum(each["line"] == kind for each in told) for kind in ("fact", "seal")}
    for line in told:
        if line["line"] == "trailer":
            line |= {"facts": count["fact"], "seals": count["seal"]}
    return told


def _base64(content):
    return base64.b64encode(content).decode()
