from firms.models.company import Company, CompanyQuerySet
from firms.models.event import Event
from firms.models.firm import Firm
from firms.models.invitation import Invitation
from firms.models.membership import Membership, Role
from firms.models.user import User

__all__ = ["Company", "CompanyQuerySet", "Event", "Firm", "Invitation", "Membership", "Role", "User"]
