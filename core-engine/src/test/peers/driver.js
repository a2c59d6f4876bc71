'use strict';
// Runs one peer for PeersBenchmark: lists of addresses on standard input, each ended by an empty line; one line of figures
// for each list on standard output. The first list warms up.
//
// node driver.js PEER NAME_SERVER AT_ONCE
const dns = require('node:dns');
const readline = require('node:readline');

const [peer, nameServer, atOnce] = process.argv.slice(2);
dns.setServers([nameServer]);
dns.promises.setServers([nameServer]);
// Node asks the operating system for a host's address; the hosts of the benchmark are known to its name server only.
dns.lookup = (host, options, callback) => {
  const done = typeof options === 'function' ? options : callback;
  dns.resolve4(host, (error, addresses) => {
    if (error) {
      done(error);
    } else if (options && options.all) {
      done(null, addresses.map((address) => ({ address, family: 4 })));
    } else {
      done(null, addresses[0], 4);
    }
  });
};

const peers = {
  devmehq: () => {
    const { verifyEmail } = require('@devmehq/email-validator-js');
    return async (emailAddress) => {
      const result = await verifyEmail({ emailAddress, verifyMx: true, verifySmtp: true, timeout: 20000 });
      return result.validSmtp;
    };
  },
  deep: () => {
    const { validate } = require('deep-email-validator');
    return async (email) => {
      const result = await validate({ email, sender: 'probe@sandbox-mail.com', validateTypo: false });
      return result.valid ? true : /not found/i.test(JSON.stringify(result.validators.smtp)) ? false : null;
    };
  },
};

const verify = peers[peer]();

async function run(addresses) {
  const counts = { true: 0, false: 0, null: 0 };
  const times = [];
  const cpu = process.cpuUsage();
  const begin = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < addresses.length) {
      const started = performance.now();
      counts[String(await verify(addresses[next++]))]++;
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, worker));
  const millis = performance.now() - begin;
  const used = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  console.log(
    ['done', millis.toFixed(1), times[times.length >> 1].toFixed(1), counts.true, counts.false, counts.null,
      ((used.user + used.system) / 1000).toFixed(1), (process.resourceUsage().maxRSS / 1024).toFixed(0)].join(' '));
}

(async () => {
  let addresses = [];
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line === '') {
      await run(addresses);
      addresses = [];
    } else {
      addresses.push(line);
    }
  }
  process.exit(0);
})();
