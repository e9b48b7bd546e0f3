package dev.barewire;

import java.io.Serial;

/** Something that keeps a card from being opened: what was found, why it matters, and how it is mended. */
public final class SetupException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What was found. */
    private final String problem;
    /** How it is mended. */
    private final String mend;

    /**
     * Names a problem.
     *
     * @param problem what was found and why it matters
     * @param mend    the command, or the act, that mends it
     */
    public SetupException(final String problem, final String mend) {
        this(problem, mend, null);
    }

    /**
     * Names a problem that another error shows.
     *
     * @param problem what was found and why it matters
     * @param mend    the command, or the act, that mends it
     * @param cause   the error
     */
    public SetupException(final String problem, final String mend, final Throwable cause) {
        super(problem + "\n  To mend it: " + mend, cause);
        this.problem = problem;
        this.mend = mend;
    }

    /**
     * What is wrong, without the mend that the message ends with.
     *
     * @return what was found and why it matters
     */
    public String problem() {
        return problem;
    }

    /**
     * How it is mended.
     *
     * @return the command, or the act
     */
    public String mend() {
        return mend;
    }
}
