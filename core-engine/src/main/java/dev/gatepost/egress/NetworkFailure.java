package dev.gatepost.egress;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Objects;

/** Reads the platform's exceptions: one word for what went wrong. */
final class NetworkFailure {
    private NetworkFailure() {}

    static Dialled.Cause causeOf(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> Dialled.Cause.TIMEOUT;
            case NoRouteToHostException _ -> Dialled.Cause.NO_ROUTE;
            case PortUnreachableException _ -> Dialled.Cause.CONNECTION_REFUSED;
            case ConnectException _ -> ofText(e, Dialled.Cause.CONNECTION_REFUSED);
            default -> ofText(e, Dialled.Cause.OTHER);
        };
    }

    static String detailOf(IOException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }

    /** The platform has one exception for several errors of the kernel and tells them apart only by its text. */
    private static Dialled.Cause ofText(IOException e, Dialled.Cause otherwise) {
        var text = detailOf(e).toLowerCase(Locale.ROOT);
        if (text.contains("timed out")) {
            return Dialled.Cause.TIMEOUT;
        }
        return text.contains("unreachable") || text.contains("no route") ? Dialled.Cause.NO_ROUTE : otherwise;
    }
}
