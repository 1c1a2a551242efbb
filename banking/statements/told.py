"""What the accountant tells of a file that does not say it itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from banking.statements.account import AccountKey
from banking.statements.csv_mapping import ColumnMapping


@dataclass(frozen=True, slots=True)
class Told:
    """Taken only where the file is silent: its own account, dates and currency come first.

    `mappings` are those that the firm keeps for CSV files of unknown banks, by the fingerprint of their header.
    """

    account: AccountKey | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    mappings: Mapping[str, ColumnMapping] = field(default_factory=dict)
    currency: str = "EUR"


NOTHING_TOLD = Told()
