package dev.barewire.tools.suite;

import dev.barewire.Force;
import dev.barewire.NicConfig;
import dev.barewire.OffloadPlan;

/** Sending with the card doing what it can. */
class HardwareTransmitSuite extends TransmitScenarios {
    @Override
    NicConfig config() {
        NicConfig config = NicConfig.defaults().vlanStrip(true);
        for (var offload : OFFLOADS) {
            config = config.offload(offload, Force.HARDWARE);
        }
        return config;
    }

    @Override
    OffloadPlan.State doneBy() {
        return OffloadPlan.State.HARDWARE;
    }
}
