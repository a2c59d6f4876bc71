package dev.gatepost.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.gatepost.api.OpenApi;
import dev.gatepost.api.Route;
import dev.gatepost.console.Assets;
import dev.gatepost.console.ConsoleRoutes;
import dev.gatepost.console.Frame;
import dev.gatepost.console.Visitor;
import dev.gatepost.http.Routes;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/** {@code /docs}: the API, for people to read; and {@code /gatepost.js}, for web pages to load. Safe for any thread. */
public final class DocsRoutes implements Routes {

    /** As the browser forgets it within the hour, an upgrade reaches everybody soon. */
    private static final String SCRIPT_CACHED = "public, max-age=3600";

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
    private final Map<String, byte[]> pages = new ConcurrentHashMap<>();
    private final Assets assets = new Assets();
    private final byte[] script = PageScript.octets();
    private final ConsoleRoutes.About about;
    private final Guide guide;

    /** @param routes the table of the API, all of it described */
    public DocsRoutes(ConsoleRoutes.About about, List<Route> routes) {
        this.about = requireNonNull(about, "about");
        this.guide = GuideReader.read(new OpenApi().text(), routes);
    }

    @Override
    public void mount(JavalinDefaultRoutingApi routes) {
        routes.get("/docs", this::page);
        routes.get("/gatepost.js", this::script);
    }

    /** There are three pages: the system's theme, light, dark. */
    private void page(Context context) {
        var cookie = Optional.ofNullable(context.cookie("theme")).orElse("");
        var theme = cookie.equals("dark") || cookie.equals("light") ? cookie : "";
        var gzip = pages.computeIfAbsent(theme, _ -> gzip(html(theme)));
        context.contentType("text/html; charset=utf-8").header("Vary", "Accept-Encoding, Cookie");
        if (Optional.ofNullable(context.header("Accept-Encoding")).orElse("").contains("gzip")) {
            context.header("Content-Encoding", "gzip").result(gzip);
        } else {
            context.result(html(theme));
        }
    }

    private String html(String theme) {
        var frame = new Frame(
                "The API",
                assets.path(),
                about.version(),
                about.setting(),
                theme.isEmpty() ? null : theme,
                new Visitor.Stranger());
        var out = new StringOutput(512 * 1024);
        templates.render("docs/page.jte", Map.of("frame", frame, "guide", guide), out);
        return out.toString();
    }

    private void script(Context context) {
        context.contentType("text/javascript; charset=utf-8")
                .header("Cache-Control", SCRIPT_CACHED)
                .header("Access-Control-Allow-Origin", "*") // so that pages can pin it with an integrity attribute
                .result(script);
    }

    private static byte[] gzip(String page) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(page.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
