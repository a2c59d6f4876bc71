package dev.gatepost.server;

import dev.gatepost.api.BackfillsResource;
import dev.gatepost.api.BatchesResource;
import dev.gatepost.api.CheckResource;
import dev.gatepost.api.ConnectionOptionsResource;
import dev.gatepost.api.ConnectionsResource;
import dev.gatepost.api.CreditsResource;
import dev.gatepost.api.ErasuresResource;
import dev.gatepost.api.Exports;
import dev.gatepost.api.FreshChecksResource;
import dev.gatepost.api.HooksResource;
import dev.gatepost.api.KeysResource;
import dev.gatepost.api.MeResource;
import dev.gatepost.api.Once;
import dev.gatepost.api.OpenApi;
import dev.gatepost.api.RejudgeResource;
import dev.gatepost.api.Resource;
import dev.gatepost.api.UsageResource;
import dev.gatepost.api.VerificationsResource;
import dev.gatepost.api.VerifyResource;
import dev.gatepost.api.WorkflowsResource;
import dev.gatepost.batch.Batches;
import dev.gatepost.hook.Hooks;
import dev.gatepost.intake.Pipeline;
import dev.gatepost.intake.RealTime;
import dev.gatepost.intake.Simulator;
import dev.gatepost.intake.UsageLog;
import dev.gatepost.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;

/** Every resource of the API: what is not here is not mounted. */
final class Resources {

    private Resources() {}

    /** What runs behind them. */
    record Works(RealTime realTime, Batches batches, Hooks hooks, Pipeline pipeline) {}

    static List<Resource> of(Books books, Works works) {
        var pipeline = works.pipeline();
        var once = new Once(books.database(), books.idempotency(), books.ids());
        var exports = new Exports(books.database(), books.residents().audit());
        return List.of(
                new OpenApi(),
                new VerifyResource(works.realTime(), works.hooks()),
                new CheckResource(works.realTime()),
                new BatchesResource(
                        works.batches(), books.database(), books.residents().audit()),
                new VerificationsResource(books.database()),
                new FreshChecksResource(
                        new FreshChecksResource.Kept(
                                books.database(), books.residents().audit(), once),
                        works.realTime(),
                        pipeline),
                new MeResource(new Workspaces(books.database(), InstantSource.system())),
                new KeysResource(books.keys(), once),
                new WorkflowsResource(books.workflows(), books.connections(), new Simulator(books.database()), once),
                new RejudgeResource(books.rejudging(), once, books.residents().audit()),
                new CreditsResource(
                        books.ledger(), books.credits(), once, books.residents().audit(), exports, books.ids()),
                new UsageResource(new UsageLog(books.database()), exports),
                new HooksResource(works.hooks(), once),
                new ConnectionsResource(books.connections(), pipeline),
                new ConnectionOptionsResource(books.connections(), pipeline.options()),
                new BackfillsResource(
                        books.connections(),
                        pipeline.backfills(),
                        new BackfillsResource.Kept(
                                books.database(), books.residents().audit(), once)),
                new ErasuresResource(books.erasure()));
    }
}
