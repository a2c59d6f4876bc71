package dev.gatepost.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What the server itself refuses before any route sees it (malformed, headers too large), as a problem like all others. */
final class PlainErrors extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var status = response.getStatus();
        var body = Problems.body(fault(status).saying("The request could not be handled."));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    /** The status stays what the server chose; the body may speak of a neighbour of it. */
    private static Fault fault(int status) {
        if (status >= 500) {
            return status == 503 ? Fault.UNAVAILABLE : Fault.INTERNAL_ERROR;
        }
        return Arrays.stream(Fault.values())
                .filter(fault -> fault.status() == status)
                .findFirst()
                .orElse(Fault.BAD_REQUEST);
    }
}
