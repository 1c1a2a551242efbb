"""Why a purchase is not ready, or what one should know of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """A cause: its code for machines, its sentence and its badge for people. Only a blocking one makes « Pas prêt »."""

    code: str
    message: str
    badge: str
    is_blocking: bool = True

    def as_json(self) -> dict[str, str]:
        """As kept in `PurchaseInvoice.reasons` and `.warnings`."""
        return {"code": self.code, "message": self.message, "badge": self.badge}
