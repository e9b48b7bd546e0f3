package dev.barewire.tools.suite;

/** Jumbo frames in receive buffers of 2048 bytes. */
class LargeBufferJumboSuite extends JumboScenarios {
    LargeBufferJumboSuite() {
        super(2048);
    }
}
