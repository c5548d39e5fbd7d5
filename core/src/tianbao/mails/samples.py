"""What each text is given, shown on made-up people: for previews, for the documentation and for the tests."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_TOKEN = "ZGVtb25zdHJhdGlvbi1vbmx5LW5vLXJlYWwtdG9rZW4"  # noqa: S105 -- opens nothing
_OFFICER: Mapping[str, Any] = {"name": "林怡君", "unit": "國立華僑高級中等學校", "login": "010301_yichun"}
_FILED: Mapping[str, Any] = {
    **_OFFICER,
    "period": "2025-09",
    "way": "current",
    "nil": False,
    "version": 1,
    "cases": 36,
    "services": 1204,
    "filed_at": "2025-10-03T16:42:00+08:00",
    "receipt": "7K3M-92QX",
}
_OWING: Mapping[str, Any] = {"name": "林怡君", "unit": "國立華僑高級中等學校", "period": "2025-09"}
_LATE: Mapping[str, Any] = {"period": "2025-08", "due": "2025-09-10", "late": 33}

SAMPLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "activate": {**_OFFICER, "expires": "2025-10-10T17:05:00+08:00", "token": _TOKEN},
        "new-password": {**_OFFICER, "expires": "2025-10-07T09:35:00+08:00", "token": _TOKEN},
        "new-email": {**_OFFICER, "expires": "2025-10-08T14:20:00+08:00", "token": _TOKEN},
        "email-changed": {
            **_OFFICER,
            "new_email": "counselling@nocsh.example.edu.tw",
            "at": "2025-10-07T14:26:00+08:00",
        },
        "password-changed": {**_OFFICER, "at": "2025-10-07T09:12:00+08:00"},
        "code-lifted": {
            "name": "陳淑芬",
            "unit": "承辦單位",
            "login": "shufen_chen",
            "at": "2025-10-07T09:12:00+08:00",
        },
        "login-changed": {**_OFFICER, "at": "2025-10-07T09:12:00+08:00"},
        "account-reset": {**_OFFICER, "unit_code": "010301"},
        "invitation": {
            "name": "陳淑芬",
            "role": "承辦單位",
            "inviter": "王志明",
            "login": "shufen_chen",
            "expires": "2025-10-14T09:00:00+08:00",
            "token": _TOKEN,
        },
        "receipt": _FILED,
        "remind": {
            **_OWING,
            "due": "2025-10-10",
            "earlier": [_LATE],
            "months": [_LATE, {"period": "2025-09", "due": "2025-10-10", "late": 0}],
        },
        "chase": {**_OWING, "months": [_LATE, {"period": "2025-09", "due": "2025-10-10", "late": 3}]},
        "chase-county": {
            "name": "林縣府",
            "county": "彰化縣",
            "period": "2025-09",
            "count": 7,
            "attached": True,
            "levels": [
                {"level": "國小", "count": 3, "units": ["縣立八卦國小", "縣立鹿野國小", "縣立溪湖國小"], "more": False},
                {"level": "國中", "count": 2, "units": ["縣立大成國中", "縣立溪湖畔國中"], "more": False},
                {"level": "高中職", "count": 1, "units": ["縣立田中央高中"], "more": False},
                {"level": "輔諮中心", "count": 1, "units": ["彰化縣學生輔導諮商中心"], "more": False},
            ],
        },
        "compile": {
            "name": "許研發",
            "period": "2025-09",
            "count": 132,
            "attached": True,
            "agency": 21,
            "agency_levels": [{"level": "高中職", "count": 20}, {"level": "輔諮中心", "count": 1}],
            "counties": [
                {"county": "臺北市", "count": 38},
                {"county": "臺中市", "count": 52},
                {"county": "彰化縣", "count": 21},
            ],
        },
        "remind-now": {
            **_OWING,
            "sender": "彰化縣政府",
            "months": [_LATE, {"period": "2025-09", "due": "2025-10-10", "late": 0}],
        },
    }
)
"""By the text's name; a link's token comes from the message's secrets."""
