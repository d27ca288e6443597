"""Settings of the alert policy, `[alerts]` in the configuration file: who is told when."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from processors.alerting import GATHER, SETTLE, WAIT, AlertPolicy, Waits, by_severity
from processors.model import Severity


class _Waits(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    minor: timedelta
    moderate: timedelta
    severe: timedelta
    extreme: timedelta

    @property
    def by_severity(self) -> Waits:
        return by_severity(self.minor, self.moderate, self.severe, self.extreme)


class WaitGroup(_Waits):
    minor: timedelta = Field(
        default=WAIT["minor"], description="how long a first report of a minor incident waits, unless it stands firm"
    )
    moderate: timedelta = Field(default=WAIT["moderate"], description="the same of a moderate one")
    severe: timedelta = Field(default=WAIT["severe"], description="the same of a severe one")
    extreme: timedelta = Field(default=WAIT["extreme"], description="the same of an extreme one")


class GatherGroup(_Waits):
    minor: timedelta = Field(
        default=GATHER["minor"], description="how long lesser news of a minor incident waits for more, to be one alert"
    )
    moderate: timedelta = Field(default=GATHER["moderate"], description="the same of a moderate one")
    severe: timedelta = Field(default=GATHER["severe"], description="the same of a severe one")
    extreme: timedelta = Field(default=GATHER["extreme"], description="the same of an extreme one")


class SettleGroup(_Waits):
    minor: timedelta = Field(
        default=SETTLE["minor"],
        description="how long what takes back a value of a minor incident must stand, where no source takes it back",
    )
    moderate: timedelta = Field(default=SETTLE["moderate"], description="the same of a moderate one")
    severe: timedelta = Field(default=SETTLE["severe"], description="the same of a severe one")
    extreme: timedelta = Field(default=SETTLE["extreme"], description="the same of an extreme one")


class AlertsGroup(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    least_severity: Severity = Field(default="minor", description="less severe incidents are not announced")
    worst_credibility: int = Field(
        default=6, ge=1, le=6, description="incidents of a worse Admiralty digit are not announced"
    )
    firm_credibility: int = Field(
        default=2, ge=0, le=6, description="up to this Admiralty digit a first report stands firm; 0: by no digit"
    )
    wait: WaitGroup = WaitGroup()
    gather: GatherGroup = GatherGroup()
    settle: SettleGroup = SettleGroup()

    @property
    def policy(self) -> AlertPolicy:
        """What the resolve stage is given."""
        return AlertPolicy(
            least_severity=self.least_severity,
            worst_credibility=self.worst_credibility,
            firm_credibility=self.firm_credibility,
            wait=self.wait.by_severity,
            gather=self.gather.by_severity,
            settle=self.settle.by_severity,
        )
