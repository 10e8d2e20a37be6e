"""The development OIDC issuer: anyone may have any token, so it listens on this machine only.

Serves the discovery document, its public key, `POST /token`, and `/docs` (the four services' OpenAPI in one page).
In production Keycloak stands in its place; services and gateway see no difference: ES256, JWKS, the same claims.
"""
