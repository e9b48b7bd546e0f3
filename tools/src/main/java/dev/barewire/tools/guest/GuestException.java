package dev.barewire.tools.guest;

/** The lab could not do what was asked; the message says what was found, why it matters and what mends it. */
public final class GuestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Says what is wrong.
     *
     * @param message what was found, why, and the mend
     */
    public GuestException(String message) {
        super(message);
    }

    /**
     * Says what is wrong.
     *
     * @param message what was found, why, and the mend
     * @param cause what went wrong below
     */
    public GuestException(String message, Throwable cause) {
        super(message, cause);
    }
}
