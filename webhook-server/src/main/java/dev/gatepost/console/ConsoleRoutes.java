package dev.gatepost.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.console.Door.Entry;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problems;
import dev.gatepost.http.Routes;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** The console's pages and the stream that keeps them up to date. */
public final class ConsoleRoutes implements Routes {

    /** Keeps proxies and our own idle time-out from closing a quiet stream. */
    private static final Duration COMMENT_EVERY = Duration.ofSeconds(15);

    private final Pages pages = new Pages();
    private final Assets assets = new Assets();
    private final Access access;
    private final Door door;
    private final Feed feed;
    private final About about;

    /**
     * What the frame says about this installation.
     *
     * @param version of the product
     * @param setting {@code sandbox}, or empty for real data
     */
    public record About(String version, String setting) {}

    public ConsoleRoutes(Access access, Feed feed, About about) {
        this.access = access;
        this.door = new Door(access);
        this.feed = feed;
        this.about = about;
    }

    @Override
    public void mount(JavalinDefaultRoutingApi routes) {
        routes.get("/", guarded(this::contacts));
        routes.get("/live", guarded(this::live));
        routes.get("/favicon.ico", context -> context.redirect(assets.path() + "/icon.svg"));
        routes.get("/assets/{version}/{file}", this::asset);
        routes.get("/sign-in", this::signIn);
    }

    private Handler guarded(Handler page) {
        return context -> {
            switch (door.ask(context)) {
                case Entry.Welcome _ -> page.handle(context);
                case Entry.SignInFirst _ -> context.redirect("/sign-in");
                case Entry.WrongHost _ ->
                    Problems.answer(
                            context,
                            Fault.WRONG_HOST.saying("This server answers to its own name on this machine only."));
            }
        };
    }

    private void contacts(Context context) {
        html(context, pages.contacts(frame(context, "Contacts as they come in"), feed.now()));
    }

    /** First the whole state, then each part when it changes; blocks its virtual thread while the page is open. */
    private void live(Context context) throws IOException, InterruptedException {
        if (!feed.enter()) {
            Problems.answer(context, Fault.TOO_MANY_PAGES.plain().with("Retry-After", "10"));
            return;
        }
        try {
            context.contentType("text/event-stream");
            context.header("X-Accel-Buffering", "no"); // nginx would hold the stream back
            var out = context.res().getOutputStream();
            var shown = new Feed.State(null, 0);
            while (!feed.isClosed() && door.isStillOpen(context)) {
                var next = feed.await(shown.version(), COMMENT_EVERY);
                if (next.version() == shown.version()) {
                    out.write(":\n\n".getBytes(UTF_8));
                } else {
                    send(out, shown, next);
                    shown = next;
                }
                out.flush();
            }
        } finally {
            feed.leave();
        }
    }

    private void send(OutputStream out, Feed.State shown, Feed.State next) throws IOException {
        var before = shown.view();
        var view = next.view();
        if (view == null) {
            return;
        }
        if (before == null || !before.tiles().equals(view.tiles())) {
            event(out, "tiles", pages.tiles(view.tiles()));
        }
        if (before == null || !before.rows().equals(view.rows())) {
            event(out, "rows", pages.rows(view));
        }
    }

    private static void event(OutputStream out, String part, String fragment) throws IOException {
        var event = new StringBuilder("event: ").append(part).append('\n');
        fragment.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
        out.write(event.append('\n').toString().getBytes(UTF_8));
    }

    private void signIn(Context context) {
        if (!(access instanceof Access.BySession(var links, var sessions))) {
            context.redirect("/");
            return;
        }
        var token = context.queryParam("token");
        if (token != null && links.redeem(token)) {
            context.header(
                    "Set-Cookie",
                    Door.COOKIE + "=" + sessions.begin() + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age="
                            + Sessions.AGE_MAX.toSeconds());
            context.redirect("/");
            return;
        }
        context.status(token == null ? 200 : 403);
        html(context, pages.message(frame(context, "Sign in"), signInMessage(token != null)));
    }

    private static Message signInMessage(boolean hadToken) {
        var first = hadToken
                ? "This link was used before, or is older than " + SignInLinks.GOOD_FOR.toMinutes() + " minutes."
                : "The console opens with a one-time link.";
        return new Message(
                List.of(
                        first,
                        "Make a new one on the machine where Gatepost runs, and open what it prints.",
                        "Browsers keep the sign-in only over https, or on 127.0.0.1 and localhost. If you opened a link and"
                                + " came back here, use an SSH tunnel to this port, or put a TLS proxy in front."),
                "gatepost link");
    }

    private void asset(Context context) {
        var asset = assets.find(context.pathParam("file")).orElse(null);
        if (asset == null) {
            context.status(404);
            return;
        }
        context.contentType(asset.type());
        context.header("Cache-Control", "public, max-age=31536000, immutable");
        context.header("Vary", "Accept-Encoding");
        var accepted = context.header("Accept-Encoding");
        if (accepted != null && accepted.contains("gzip")) {
            context.header("Content-Encoding", "gzip");
            context.result(asset.gzip());
        } else {
            context.result(asset.octets());
        }
    }

    private Frame frame(Context context, String title) {
        var theme = context.cookie("theme");
        return new Frame(
                title,
                assets.path(),
                about.version(),
                about.setting(),
                "dark".equals(theme) || "light".equals(theme) ? theme : null);
    }

    private static void html(Context context, String page) {
        context.contentType("text/html; charset=utf-8").result(page);
    }
}
