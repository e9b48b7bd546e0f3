package dev.barewire.tools.suite;

/** Jumbo frames in receive buffers of 256 bytes. */
class SmallBufferJumboSuite extends JumboScenarios {
    SmallBufferJumboSuite() {
        super(256);
    }
}
