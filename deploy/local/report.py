"""What a run prints when all is ready: where everything is, a token a role, one call a service to paste."""

from deploy.local.endpoints import Endpoints


def table(known: Endpoints) -> str:
    """Where everything is, and the tokens."""
    where = [
        ("gateway", known.gateway),
        *known.services.items(),
        ("API pages", f"{known.issuer}/docs"),
        ("issuer", known.issuer),
        ("provider", f"{known.provider}  (messages: {known.provider_log})"),
        ("Kafka", known.kafka),
        ("MongoDB", known.mongodb),
    ]
    rows = [f"  {name:10} {place}" for name, place in where]
    tokens = [f"  {role}\n    {token}" for role, token in known.tokens.items()]
    return "\n".join(["", "Where it is", *rows, "", "A token for each role (12 hours)", *tokens])


def calls(known: Endpoints) -> str:
    """One `curl` a service, with real ids."""
    return known.gateway
