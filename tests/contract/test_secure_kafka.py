"""Who gets into an Apache Kafka behind TLS and SASL: the right password over a trusted line.

aiokafka raises the same error for each refusal and tells the reason only in its log, so the log
is what shows that a client was turned away for the reason the test means.
"""

import asyncio
import gc
import ssl
import warnings

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError

TOPIC = "behind-a-password"
PATIENCE_S = 120


def client_settings(secure_kafka, **changes: object) -> dict[str, object]:
    """What a client needs to get in, with changes that should keep it out."""
    return {
        "bootstrap_servers": secure_kafka.bootstrap,
        "security_protocol": "SASL_SSL",
        "ssl_context": ssl.create_default_context(cafile=secure_kafka.ca_file),
        "sasl_mechanism": secure_kafka.mechanism,
        "sasl_plain_username": secure_kafka.username,
        "sasl_plain_password": secure_kafka.password,
        **changes,
    }


async def knock(settings: dict[str, object]) -> None:
    producer = AIOKafkaProducer(**settings)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await producer.start()
    finally:
        await producer.stop()


def is_kept_out(settings: dict[str, object]) -> bool:
    """Whether a client with these settings is refused a connection.

    aiokafka 0.14 closes a connection that was refused without waiting for it to be closed
    (AIOKafkaClient.bootstrap), so the loop may end first, and Python warns of what was left.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            asyncio.run(knock(settings))
        except KafkaConnectionError:
            kept_out = True
        else:
            kept_out = False
        gc.collect()
    return kept_out


def test_a_client_with_the_right_password_writes_and_reads(secure_kafka) -> None:
    settings = client_settings(secure_kafka)

    async def scenario() -> bytes | None:
        admin = AIOKafkaAdminClient(**settings)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(TOPIC, 1, 1)])
        finally:
            await admin.close()
        async with AIOKafkaProducer(**settings) as producer:
            await producer.send_and_wait(TOPIC, b"inside")
        async with (
            asyncio.timeout(PATIENCE_S),
            AIOKafkaConsumer(TOPIC, auto_offset_reset="earliest", **settings) as consumer,
        ):
            value: bytes | None = (await consumer.getone()).value
        return value

    assert asyncio.run(scenario()) == b"inside"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(
            {"sasl_plain_password": "wrong-horse"}, "SaslAuthenticationFailed", id="wrong-password"
        ),
        pytest.param(
            {"sasl_plain_username": "nobody"}, "SaslAuthenticationFailed", id="unknown-user"
        ),
        pytest.param(
            {"ssl_context": ssl.create_default_context()},
            "CERTIFICATE_VERIFY_FAILED",
            id="our-side-does-not-trust-the-broker's-authority",
        ),
        pytest.param({"security_protocol": "SSL"}, "closed", id="tls-without-a-password"),
        pytest.param({"security_protocol": "PLAINTEXT"}, "closed", id="neither-tls-nor-password"),
    ],
)
def test_any_other_client_is_kept_out(
    secure_kafka,
    changes: dict[str, object],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert is_kept_out(client_settings(secure_kafka, **changes))
    assert reason in caplog.text
