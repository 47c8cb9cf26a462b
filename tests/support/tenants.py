"""Made-up tenants."""

from typing import Any

from defterhane.tenant import Tenant
from support.events import FIRM


def tenant(tax_id: str = FIRM, **changes: Any) -> Tenant:
    address = {"building_number": "1", "street": "ÖRNEK MAHALLESİ", "city": "Ankara", "postal_code": "06000"}
    return Tenant.model_validate(
        {
            "tax_id": tax_id,
            "title": "ÖRNEK TİCARET LİMİTED ŞİRKETİ",
            "phone": "2120000000",
            "email": "muhasebe@ornek.invalid",
            "website": "www.ornek.invalid",
            "address": address,
            "business_description": "620100",
            "creator": "ÖRNEK MALİ MÜŞAVİR",
            "accountant": {"name": "ÖRNEK MALİ MÜŞAVİR", "engagement": "SMMM Sözleşmesi, 01.01.2025, 1"},
            **changes,
        }
    )
