package dev.gatepost.smtp;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS on a connected socket without a look at the certificate. Mail hosts demand encryption but seldom have a
 * certificate that a stranger can check (RFC 7435), and all we send over it is an address and our own name.
 */
final class OpportunisticTls {
    private static final SSLContext CONTEXT = context();

    private OpportunisticTls() {}

    /**
     * Does the handshake.
     *
     * @param host name for the server name indication
     * @param deadline longest wait for each step of the handshake; the caller closes {@code plain} when time is over
     * @throws IOException when the handshake fails
     */
    static SSLSocket over(Socket plain, String host, Deadline deadline) throws IOException {
        var secure = (SSLSocket) CONTEXT.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
        secure.setSoTimeout(Math.max(1, deadline.millisLeft()));
        secure.startHandshake();
        return secure;
    }

    private static SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Accepts every certificate. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
