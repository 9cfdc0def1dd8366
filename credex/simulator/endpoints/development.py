"""What a developer may do to a core that is not in production."""

from credex.simulator.asking import Ask
from credex.simulator.envelope import Outcome, Success
from credex.simulator.nightly import close_day


def force_dco(ask: Ask) -> Outcome:
    """Run the nightly job now: core's day moves on."""
    close_day(ask.world)
    return Success(type="DEV_DCO_FORCED", subject=None, message="Daily job run", details={})


def clear_dev_dbs(ask: Ask) -> Outcome:
    """Forget everybody and everything."""
    ask.world.wipe()
    return Success(type="DEV_DBS_CLEARED", subject=None, message="Data cleared", details={})
