"""Tokens as PyJWT makes and reads them: strangers_test.py < request > answer

The request is a JSON object: `keys` (algorithm to PEM or secret), `now`, and `tokens` (algorithm to a token
of ours). The answer holds `made`, tokens that must pass or fail on our side, and `read`, the claims that
PyJWT found in ours.
"""
import json
import sys

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

request = json.load(sys.stdin)
now = request["now"]
claims = {"iss": "https://issuer.test", "aud": "authenticated", "sub": "ada", "iat": now, "exp": now + 600}


def public(algorithm):
    key = request["keys"][algorithm]
    return key if algorithm == "HS256" else load_pem_private_key(key.encode(), None).public_key()


made = []
for algorithm, key in request["keys"].items():
    def add(passes, what, changes=None, **options):
        token = jwt.encode({**claims, **(changes or {})}, key, algorithm=options.pop("algorithm", algorithm), **options)
        made.append({"passes": passes, "what": f"{algorithm}: {what}", "token": token})

    add(True, "plain")
    add(True, "audiences", {"aud": ["other", "authenticated"]})
    add(True, "with a fraction", {"exp": now + 0.5})
    add(True, "unicode", {"name": "Zoë 🎧", "nested": {"a": [1, None, True]}})
    add(False, "expired", {"exp": now - 60})
    add(False, "not yet", {"nbf": now + 60})
    add(False, "another issuer", {"iss": "https://evil.test"})
    add(False, "critical header", headers={"crit": ["x"], "x": 1})
    if algorithm != "HS256":
        # PyJWT itself refuses PEM as a secret; DER it takes.
        pem = public(algorithm).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        made.append({"passes": False, "what": f"{algorithm}: its public key as a secret",
                     "token": jwt.encode(claims, pem, algorithm="HS256")})
made.append({"passes": False, "what": "none", "token": jwt.encode(claims, None, algorithm="none")})

read = {}
for algorithm, token in request["tokens"].items():
    read[algorithm] = jwt.decode(token, public(algorithm), algorithms=[algorithm], audience="authenticated",
                                 issuer="https://issuer.test", options={"verify_exp": False, "verify_iat": False,
                                                                       "require": ["exp", "sub"]})
    # By the key as our JWKS shows it.
    for jwk in request["jwks"]["keys"]:
        if jwk["alg"] == algorithm:
            jwt.decode(token, jwt.PyJWK(jwk).key, algorithms=[algorithm], audience="authenticated",
                       options={"verify_exp": False, "verify_iat": False})
            read[algorithm]["by_jwk"] = True
json.dump({"made": made, "read": read}, sys.stdout)
