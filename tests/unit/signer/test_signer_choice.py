"""Which certificate signs for a tenant, and why none does."""

from datetime import timedelta

import pytest

from defterhane.edefter.taxid import vkn_from_stem
from sandbox.issuing import holder_name, key_usage
from signer.choice import Candidate, choose
from signer.errors import KeyMissing, NoCertificate, NotForSigning, NotValid
from support.signing import NOW, VKN, authority, seal

TENANT = [VKN]
OTHER = vkn_from_stem("987654321")


def candidate(credential=None, label: str = "", key: bytes | None = b"1") -> Candidate:
    return Candidate((credential or seal()).certificate, label, key)


def issue(number: str = VKN, days: int = 0, **how):
    return authority().issue_seal(number, "X", now=NOW + timedelta(days=days), **how)


def without_usage(label: str = "") -> Candidate:
    """A certificate that is not a seal's by its extensions."""
    extensions = ((key_usage(digital_signature=True), True),)
    return candidate(authority()._issue(holder_name("X", VKN), "rsa", NOW, extensions), label)


def test_the_tenants_seal_is_chosen_among_others() -> None:
    mine = candidate()
    assert choose([candidate(issue(OTHER)), mine, candidate(authority().issuer, key=None)], TENANT, NOW) is mine


def test_the_newest_of_several() -> None:
    newer = candidate(issue(days=10))
    chosen = choose([candidate(), newer, candidate(issue(days=5))], TENANT, NOW + timedelta(days=20))
    assert chosen is newer


@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_both_kinds_of_keys(algorithm) -> None:
    assert choose([candidate(seal(algorithm))], TENANT, NOW)


def test_a_certificate_known_by_its_label_alone() -> None:
    assert choose([without_usage(label=f"{VKN}SIGN0")], TENANT, NOW)
    with pytest.raises(NotForSigning):
        choose([without_usage(label=f"{OTHER}SIGN0")], TENANT, NOW)
    with pytest.raises(NotForSigning):
        choose([without_usage()], TENANT, NOW)


def test_never_the_encryption_certificate() -> None:
    encryption = issue(purpose="encrypt")
    for one in (
        candidate(encryption),
        candidate(encryption, f"{VKN}ENCR0"),
        candidate(encryption, f"{VKN}SIGN0"),
        candidate(label=f"{VKN}ENCR0"),
    ):
        with pytest.raises(NotForSigning):
            choose([one], TENANT, NOW)
    mine = candidate(label=f"{VKN}SIGN0")
    assert choose([candidate(encryption, f"{VKN}ENCR0"), mine], TENANT, NOW) is mine


def test_nobody_elses_unless_authorised() -> None:
    accountant = candidate(issue(OTHER))
    with pytest.raises(NoCertificate) as caught:
        choose([accountant], TENANT, NOW)
    assert OTHER not in str(caught.value)
    authorised = [VKN, OTHER]
    assert choose([accountant], authorised, NOW) is accountant
    mine = candidate()
    assert choose([accountant, mine], authorised, NOW) is mine


def test_outside_its_validity() -> None:
    for when in (timedelta(days=-2), timedelta(days=3 * 365 + 1)):
        with pytest.raises(NotValid) as caught:
            choose([candidate()], TENANT, NOW + when)
        assert "2025-02-03" in caught.value.problem.text.en


def test_a_certificate_without_its_key() -> None:
    with pytest.raises(KeyMissing):
        choose([candidate(key=None)], TENANT, NOW)


def test_the_reason_that_came_nearest_is_told() -> None:
    encryption, expired, keyless = (
        candidate(issue(purpose="encrypt")),
        candidate(issue(days=-4 * 365)),
        candidate(key=None),
    )
    with pytest.raises(KeyMissing):
        choose([keyless, expired, encryption], TENANT, NOW)
    with pytest.raises(NotValid):
        choose([encryption, expired], TENANT, NOW)


def test_nothing_at_all() -> None:
    with pytest.raises(NoCertificate) as caught:
        choose([], TENANT, NOW)
    assert VKN in caught.value.problem.text.tr


def test_a_person_signs_with_a_qualified_certificate() -> None:
    person = "10000000146"
    personal = candidate(authority().issue_personal(person, "AD SOYAD", now=NOW))
    assert choose([personal], [person], NOW) is personal
    assert choose([personal], [VKN, person], NOW) is personal


def test_a_number_in_the_title_is_not_a_serial_number() -> None:
    with pytest.raises(NoCertificate):
        choose([candidate(authority().issue_seal(OTHER, VKN, now=NOW))], TENANT, NOW)
