"""Whether an Ed25519 signature holds: by `cryptography` where it is, else by the definition (RFC 8032)."""
import hashlib
import os

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover(y, sign):
    if y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if xx == 0:
        return None if sign else 0
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * ROOT % P
    if (x * x - xx) % P:
        return None
    return P - x if x & 1 != sign else x


BY = 4 * pow(5, P - 2, P) % P
BX = recover(BY, 0)
BASE = (BX, BY, 1, BX * BY % P)


def added(a, b):
    A = (a[1] - a[0]) * (b[1] - b[0]) % P
    B = (a[1] + a[0]) * (b[1] + b[0]) % P
    C = 2 * a[3] * b[3] * D % P
    E = 2 * a[2] * b[2] % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    found = (0, 1, 1, 0)
    while n:
        if n & 1:
            found = added(found, point)
        point = added(point, point)
        n >>= 1
    return found


def point_in(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = recover(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def plain_holds(public, text, signature):
    a, r = point_in(public), point_in(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    one, two = times(s, BASE), added(r, times(k, a))
    return (one[0] * two[2] - two[0] * one[2]) % P == 0 and (one[1] * two[2] - two[1] * one[2]) % P == 0


try:
    if os.environ.get("EVX_PLAIN"):
        raise ImportError
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    def library_holds(public, text, signature):
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
            return True
        except (InvalidSignature, ValueError):
            return False

    curve = library_holds
except ImportError:
    curve = plain_holds

SMALL = {
    bytes.fromhex(text)
    for text in (
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
}


def signed_by(public, text, signature):
    if public is None or signature is None or len(public) != 32 or len(signature) != 64:
        return False
    if public in SMALL or public[:31] + bytes([public[31] & 127]) in SMALL:
        return False
    return curve(public, text, signature)
