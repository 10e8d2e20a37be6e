"""A broker that asks who one is and what one may: SCRAM over TLS, rights for each; and a way in for the test."""

import datetime as dt
import ipaddress
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from deploy.local.kafka import Kafka
from deploy.local.ports import LOOPBACK, free_port

GUARD = """
listeners=PLAINTEXT://127.0.0.1:{port},CLIENTS://127.0.0.1:{guarded},{rest}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CLIENTS://127.0.0.1:{guarded}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENTS:SASL_SSL
listener.name.clients.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.clients.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.clients.ssl.keystore.type=PEM
listener.name.clients.ssl.keystore.location={keystore}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""
REPLACED = ("listeners=", "advertised.listeners=", "listener.security.protocol.map=")


class GuardedKafka(Kafka):
    """`guarded` is where a client needs a name; `ca` is the certificate that it trusts."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, port)
        self.guarded = f"{LOOPBACK}:{free_port()}"
        self.ca, self._keystore = folder / "ca.crt", folder / "keystore.pem"

    def _write_properties(self) -> Path:
        path = super()._write_properties()
        signed_for_this_machine(self.ca, self._keystore)
        lines = path.read_text(encoding="utf-8").splitlines()
        rest = next(line for line in lines if line.startswith("listeners=")).rpartition(",")[2]
        kept = [line for line in lines if not line.startswith(REPLACED)]
        said = GUARD.format(port=self.port, guarded=self.guarded.rpartition(":")[2], rest=rest, keystore=self._keystore)
        path.write_text("\n".join(kept) + said, encoding="utf-8")
        return path

    def admit(self, user: dict[str, Any], password: str, namespace: str) -> None:
        """A KafkaUser of the manifests, with its rights on that namespace's topics and groups."""
        name = user["metadata"]["name"]
        admin = KafkaAdminClient(bootstrap_servers=self.address)
        known = UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, password, iterations=4096)
        admin.alter_user_scram_credentials([known])
        admin.create_acls(
            [acl for each in user["spec"]["authorization"]["acls"] for acl in _acls(name, each, namespace)]
        )
        admin.close()


def _acls(name: str, granted: dict[str, Any], namespace: str) -> list[ACL]:
    on = granted["resource"]
    pattern = {"literal": ACLResourcePatternType.LITERAL, "prefix": ACLResourcePatternType.PREFIXED}[on["patternType"]]
    where = ResourcePattern(ResourceType[on["type"].upper()], f"{namespace}{on['name']}", pattern)
    return [
        ACL(f"User:{name}", "*", _operation(each), ACLPermissionType.ALLOW, where) for each in granted["operations"]
    ]


def _operation(name: str) -> ACLOperation:
    """`DescribeConfigs` is DESCRIBE_CONFIGS."""
    return ACLOperation["".join(f"_{letter}" if letter.isupper() else letter for letter in name)[1:].upper()]


def signed_for_this_machine(ca: Path, keystore: Path) -> None:
    """One certificate that is its own authority, and its key beside it as Kafka reads them."""
    key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "बाजार")])
    now = dt.datetime.now(dt.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now.replace(year=now.year + 1)
    )
    certificate = made.add_extension(here, critical=False).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    pem = certificate.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    ca.write_bytes(pem)
    keystore.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + pem)
