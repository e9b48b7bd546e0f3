package dev.barewire.testkit.rules;

/** Which cards a rule is of: each generation has what the ones before it have, unless something is said there. */
enum Generation {
    /** The 82540EM. */
    THE_8254X,
    /** The 82574L. */
    THE_82574,
    /** The 82576 and its successors. */
    THE_82576
}
