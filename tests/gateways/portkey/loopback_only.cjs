// Loaded before Portkey's gateway, which listens on every interface and has no switch for it: listens on loopback,
// and ends a connection or a look-up that leaves the machine, and says so.
"use strict";
const dns = require("node:dns");
const net = require("node:net");

const HERE = new Set(["127.0.0.1", "::1", "localhost"]);
const refusal = (host) => {
  console.error(`refused to reach ${host}`);
  return new Error(`refused to reach ${host}`);
};

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const at = typeof args[0] === "object" ? args.shift() : { port: args.shift() };
  return listen.call(this, { ...at, host: "127.0.0.1" }, ...args.filter((arg) => typeof arg === "function"));
};

const lookup = dns.lookup;
dns.lookup = (host, ...rest) => (HERE.has(host) ? lookup(host, ...rest) : rest.at(-1)(refusal(host)));

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const { host } = [args[0]].flat()[0] ?? {};
  if (host && !HERE.has(host)) return this.destroy(refusal(host));
  return connect.apply(this, args);
};
