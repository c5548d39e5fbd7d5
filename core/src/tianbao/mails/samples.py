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
    }
)
"""By the text's name; a link's token comes from the message's secrets."""
