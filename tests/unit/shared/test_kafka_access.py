import ssl

import faust
import pytest

from shared.kafka import access
from shared.settings import CommonSettings
from shared.streaming.engine import _credentials

WHERE = {
    "mongodb_uri": "mongodb://127.0.0.1/?replicaSet=rs0",
    "kafka_bootstrap_servers": "kafka:9093",
    "issuer": "https://issuer.example.in",
    "jwks_url": "https://issuer.example.in/jwks.json",
}


@pytest.fixture
def named() -> CommonSettings:
    return CommonSettings.model_validate({**WHERE, "kafka_username": "orders", "kafka_password": "गुपित-शब्द"})


def test_without_a_name_a_client_knows_only_where_the_brokers_are() -> None:
    assert access(CommonSettings.model_validate(WHERE)) == {"bootstrap_servers": "kafka:9093"}


def test_who_has_a_name_proves_it_over_tls_and_looks_at_the_brokers_certificate(named: CommonSettings) -> None:
    how = access(named)

    assert (how["security_protocol"], how["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert (how["sasl_plain_username"], how["sasl_plain_password"]) == ("orders", "गुपित-शब्द")
    assert how["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert how["ssl_context"].check_hostname


def test_faust_goes_in_by_the_same_name_and_word(named: CommonSettings) -> None:
    credentials = _credentials(access(named))

    assert isinstance(credentials, faust.SASLCredentials)
    assert (credentials.username, credentials.password) == ("orders", "गुपित-शब्द")
    assert (credentials.mechanism.value, credentials.protocol.value) == ("SCRAM-SHA-512", "SASL_SSL")


def test_the_word_is_not_shown_with_the_settings(named: CommonSettings) -> None:
    assert "गुपित-शब्द" not in repr(named)
