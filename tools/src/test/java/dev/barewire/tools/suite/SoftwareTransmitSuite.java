package dev.barewire.tools.suite;

import dev.barewire.Force;
import dev.barewire.NicConfig;
import dev.barewire.OffloadPlan;

/** Sending with the CPU doing all that it can. */
class SoftwareTransmitSuite extends TransmitScenarios {
    @Override
    NicConfig config() {
        NicConfig config = NicConfig.defaults();
        for (var offload : OFFLOADS) {
            config = config.offload(offload, Force.SOFTWARE);
        }
        return config;
    }

    @Override
    OffloadPlan.State doneBy() {
        return OffloadPlan.State.SOFTWARE;
    }
}
