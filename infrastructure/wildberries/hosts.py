"""Where Wildberries answers: a host per group of methods, any of which may be stood in for."""

from enum import StrEnum

from domain.fact import fact


class Host(StrEnum):
    """The groups of methods that are used, by the names of their hosts."""

    CONTENT = "content-api"
    ANALYTICS = "seller-analytics-api"
    STATISTICS = "statistics-api"
    MARKETPLACE = "marketplace-api"
    COMMON = "common-api"
    SUPPLIES = "supplies-api"


@fact
class Hosts:
    """Base addresses, without a slash at the end."""

    content: str = "https://content-api.wildberries.ru"
    analytics: str = "https://seller-analytics-api.wildberries.ru"
    statistics: str = "https://statistics-api.wildberries.ru"
    marketplace: str = "https://marketplace-api.wildberries.ru"
    common: str = "https://common-api.wildberries.ru"
    supplies: str = "https://supplies-api.wildberries.ru"

    @classmethod
    def under(cls, address: str) -> "Hosts":
        """All hosts as path prefixes of one address, as the sandbox has them."""
        root = address.rstrip("/")
        return cls(
            content=f"{root}/{Host.CONTENT}",
            analytics=f"{root}/{Host.ANALYTICS}",
            statistics=f"{root}/{Host.STATISTICS}",
            marketplace=f"{root}/{Host.MARKETPLACE}",
            common=f"{root}/{Host.COMMON}",
            supplies=f"{root}/{Host.SUPPLIES}",
        )

    def address(self, host: Host) -> str:
        """The base address of a group."""
        match host:
            case Host.CONTENT:
                return self.content
            case Host.ANALYTICS:
                return self.analytics
            case Host.STATISTICS:
                return self.statistics
            case Host.MARKETPLACE:
                return self.marketplace
            case Host.COMMON:
                return self.common
            case Host.SUPPLIES:
                return self.supplies
