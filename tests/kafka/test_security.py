"""SASL/SCRAM over TLS, for kafka-python and for Faust: a broker that takes nothing else, and the whole way through it."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from kafka.errors import KafkaError
from pydantic import SecretStr

from processors.errors import UnavailableError
from streams.kafka_io import Sender, admin
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import apply, differences, wanted
from tests.kafka import harness
from tests.kafka.broker import Broker
from tests.kafka.harness import Workers, record, wait_for

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]
PASSWORD = uuid.uuid4().hex


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ca.pem and the broker's server.pem."""
    folder = tmp_path_factory.mktemp("tls")
    made = trustme.CA()
    made.cert_pem.write_to_path(folder / "ca.pem")
    issued = made.issue_cert("127.0.0.1", "localhost")
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)  # Kafka reads keys in PKCS 8 only
    chain = b"".join(each.bytes() for each in issued.cert_chain_pems)
    (folder / "server.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + chain)
    return folder


@pytest.fixture(scope="module")
def guarded(broker: Broker, authority: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaSettings]:
    """Settings for a broker of one's own that speaks SASL_SSL with SCRAM-SHA-512 to clients. `broker` is there if it can be."""
    server = Broker(tmp_path_factory.mktemp("guarded"))
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    server.settings = {
        "listeners": f"SASL_SSL://127.0.0.1:{server.port},CONTROLLER://127.0.0.1:{server.controller_port}",
        "listener.security.protocol.map": "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "SASL_SSL",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": scram.replace(
            "required;", f'required username="tocsin" password="{PASSWORD}";'
        ),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(authority / "server.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority / "ca.pem"),
    }
    server.format_with = ["--add-scram", f"SCRAM-SHA-512=[name=tocsin,password={PASSWORD}]"]
    server.ready_seconds = 8.0
    server.start()
    settings = KafkaSettings(
        bootstrap_servers=server.bootstrap,
        security_protocol="SASL_SSL",
        username="tocsin",
        password=SecretStr(PASSWORD),
        ca_file=authority / "ca.pem",
        partitions=2,
        session_seconds=6,
    )
    yield settings
    server.stop()


def test_the_whole_way(guarded: KafkaSettings, database: str, folder: Path) -> None:
    plans = wanted(guarded)
    with admin(guarded) as client:
        apply(client, plans, differences(client, plans))
    (folder / "password").write_text(PASSWORD + "\n")
    Sender(guarded).send([record(guarded, each) for each in harness.stream(20)])
    with Workers(guarded, database, folder, TOCSIN_KAFKA_PASSWORD_FILE=str(folder / "password")) as workers:
        workers.start("extract", "resolve", "relay")
        assert wait_for(lambda: harness.alerts(guarded))
    logs = "".join(log.read_text() for log in folder.glob("*.log"))
    assert PASSWORD not in logs and PASSWORD not in repr(guarded)


def test_a_wrong_password_is_refused(guarded: KafkaSettings) -> None:
    wrong = guarded.model_copy(update={"password": SecretStr("wrong")})
    with pytest.raises((KafkaError, UnavailableError)) as caught, admin(wrong):
        pytest.fail("let in")
    assert "wrong" not in str(caught.value)


def test_a_stranger_certificate_is_refused(guarded: KafkaSettings, folder: Path) -> None:
    trustme.CA().cert_pem.write_to_path(folder / "other.pem")
    with (
        pytest.raises((KafkaError, UnavailableError)),
        admin(guarded.model_copy(update={"ca_file": folder / "other.pem"})),
    ):
        pytest.fail("spoke to a stranger")


def test_the_password_may_come_from_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from streams.kafka_settings import load

    (folder / "secret").write_text("s3cret\n")
    monkeypatch.setenv("TOCSIN_KAFKA_PASSWORD_FILE", str(folder / "secret"))
    assert "TOCSIN_KAFKA_PASSWORD" not in os.environ
    loaded = load()
    assert loaded.password and loaded.password.get_secret_value() == "s3cret" and "s3cret" not in repr(loaded)
