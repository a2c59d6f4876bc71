import base64
import hashlib
import hmac
import sys
import time


def is_genuine(secret, id, timestamp, signatures, body, now=None):
    """True when the message is from Gatepost; body is bytes, now is in seconds since 1970."""
    now = time.time() if now is None else now
    if not timestamp.isdigit() or abs(now - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret[len("whsec_"):])
    signed = f"{id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    return any(hmac.compare_digest(expected, given.encode()) for given in signatures.split(" "))


if __name__ == "__main__":
    # Secret, id, timestamp, signatures, now; the body on standard input. Exit code 0 when it is genuine.
    sys.exit(0 if is_genuine(*sys.argv[1:5], sys.stdin.buffer.read(), int(sys.argv[5])) else 1)
