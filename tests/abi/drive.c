/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads a plugin without the shim and drives it through a fake host: a plugin is complete in itself.
 *
 *	drive NOTIFY.so LIFE.so
 *
 * Prints "ok NAME" or "not ok NAME: why" for each case; the exit status says whether all were right.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vsock-notify-plugin.h"

/* What a plugin has done with its host since forget(). */
static struct {
	char sent[8192]; /* the datagrams, each with "|" behind it; progress with a "~" before it */
	char logged[8192];
	unsigned barriers;
	unsigned timers;
	uint64_t deadline_usec;
} seen;

static bool all_right = true;

static void forget(void)
{
	memset(&seen, 0, sizeof(seen));
}

static void append(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + used, size - used, format, arguments);
	va_end(arguments);
}

static void fake_log(const struct vsn_host *host, int level, const char *format, ...)
{
	size_t used = strlen(seen.logged);
	va_list arguments;

	(void)host;
	(void)level;
	va_start(arguments, format);
	vsnprintf(seen.logged + used, sizeof(seen.logged) - used, format, arguments);
	va_end(arguments);
	append(seen.logged, sizeof(seen.logged), "|");
}

static int fake_send(const struct vsn_host *host, int send_class, const char *text, size_t length)
{
	(void)host;
	if (length == 0 || length > 4096)
		return -EMSGSIZE;
	append(seen.sent, sizeof(seen.sent), "%s%.*s|", send_class == VSN_SEND_PROGRESS ? "~" : "",
	       (int)length, text);
	return 0;
}

static int fake_barrier(const struct vsn_host *host)
{
	(void)host;
	seen.barriers++;
	return 0;
}

static void fake_set_timer(const struct vsn_host *host, uint64_t deadline_usec)
{
	(void)host;
	seen.timers++;
	seen.deadline_usec = deadline_usec;
}

static struct vsn_host make_host(size_t size)
{
	return (struct vsn_host){
		.struct_size = (uint32_t)size,
		.abi_version = VSN_ABI_VERSION,
		.version = "drive",
		.log = fake_log,
		.send = fake_send,
		.barrier = fake_barrier,
		.set_timer = fake_set_timer,
	};
}

static void check(const char *name, bool right, const char *format, ...)
{
	va_list arguments;

	if (right) {
		printf("ok %s\n", name);
		return;
	}
	all_right = false;
	printf("not ok %s: ", name);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

static void check_text(const char *name, const char *expected, const char *actual)
{
	check(name, strcmp(expected, actual) == 0, "\"%s\", not \"%s\"", actual, expected);
}

static const struct vsn_plugin *load(const char *path, void **library)
{
	const struct vsn_registration *registration;

	*library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!*library) {
		check("loads-by-itself", false, "%s", dlerror());
		return NULL;
	}
	registration = dlsym(*library, VSN_REGISTRATION_SYMBOL);
	if (!registration) {
		check("registers", false, "%s has no " VSN_REGISTRATION_SYMBOL, path);
		return NULL;
	}
	if (registration->abi_version != VSN_ABI_VERSION ||
	    registration->plugin_size < offsetof(struct vsn_plugin, close) + sizeof(void *)) {
		check("registers", false, "ABI %u, %u bytes", registration->abi_version,
		      registration->plugin_size);
		return NULL;
	}
	return registration->plugin;
}

static int give(const struct vsn_plugin *plugin, void *user, const char *text, uint64_t now_usec)
{
	struct vsn_message message = {
		.struct_size = sizeof(message),
		.id = 7,
		.now_usec = now_usec,
		.text = text,
		.length = strlen(text),
	};

	return plugin->message(user, &message);
}

static void drive_notify_config(const struct vsn_plugin *plugin, void *user)
{
	int known = plugin->config(user, "ready-unit", "graphical.target");
	int unknown = plugin->config(user, "frobnicate", "1");
	int bad = plugin->config(user, "ready-unit", "no unit");

	check("notify-config", known == 0 && unknown == -ENOENT && bad == -EINVAL,
	      "%d, %d and %d for a known key, an unknown one and a bad value", known, unknown, bad);
}

static void drive_notify_peek(const struct vsn_plugin *plugin, void *user)
{
	int barrier = plugin->peek(user, "BARRIER=1", strlen("BARRIER=1"));
	int pid1 = plugin->peek(user, "X_SYSTEMD_HOSTNAME=a", strlen("X_SYSTEMD_HOSTNAME=a"));
	int other = plugin->peek(user, "STATUS=half of", strlen("STATUS=half of"));

	check("notify-peek",
	      barrier == VSN_VERDICT_COMPLETE && pid1 == VSN_VERDICT_BYTE &&
	              other == VSN_VERDICT_PATIENT,
	      "%d, %d and %d for a barrier, PID 1 and another program", barrier, pid1, other);
}

static void drive_notify_messages(const struct vsn_plugin *plugin, void *user)
{
	int r;

	forget();
	r = give(plugin, user, "STATUS=a\nMAINPID=1", 1);
	check_text("notify-passes-status-alone", "~STATUS=a|", seen.sent);
	check("notify-message-result", r == 0, "%d", r);
	forget();
	give(plugin, user, "X_SYSTEMD_UNIT_ACTIVE=graphical.target", 2);
	check_text("notify-ready", "READY=1|", seen.sent);
	forget();
	give(plugin, user, "BARRIER=1", 3);
	check("notify-barrier", seen.barriers == 1 && !*seen.sent, "%u barriers, sent \"%s\"",
	      seen.barriers, seen.sent);
	forget();
	give(plugin, user, "", 4);
	check_text("notify-empty", "", seen.sent);
}

/* A guest that announces its units and is not at basic.target yet: READY=1 waits for a second. */
static void drive_notify_timer(const struct vsn_plugin *plugin, const struct vsn_host *host)
{
	const uint64_t second = 1000000;
	void *user;

	if (plugin->open(host, &user) < 0)
		return;
	give(plugin, user, "X_SYSTEMD_HOSTNAME=x", second);
	forget();
	give(plugin, user, "READY=1", second);
	check("notify-asks-for-time", seen.deadline_usec == 2 * second && !*seen.sent,
	      "deadline %llu, sent \"%s\"", (unsigned long long)seen.deadline_usec, seen.sent);
	plugin->timer(user, 2 * second);
	check_text("notify-timer", "READY=1|", seen.sent);
	plugin->close(user);
}

/* What a guest may not say is said to who asks for it, counted, and summed up at the end. */
static void drive_notify_policy(const struct vsn_plugin *plugin, const struct vsn_host *host)
{
	void *user;
	int never, prefix;

	if (plugin->open(host, &user) < 0)
		return;
	forget();
	never = plugin->config(user, "allow", "MAINPID");
	check("notify-allows-no-orders",
	      never == -EPERM && strncmp(seen.logged, "allow=MAINPID: it would let ", 28) == 0 &&
	              strchr(seen.logged, '|') == seen.logged + strlen(seen.logged) - 1,
	      "%d, logged \"%s\"", never, seen.logged);
	forget();
	prefix = plugin->config(user, "status-prefix", "VM: ");
	check("notify-style", prefix == 0 && !*seen.logged, "%d, logged \"%s\"", prefix,
	      seen.logged);
	give(plugin, user, "MAINPID=1\nSTATUS=a", 1);
	check_text("notify-prefix", "~STATUS=VM: a|", seen.sent);
	give(plugin, user, "MAINPID=1", 2);
	give(plugin, user, "WATCHDOG=trigger", 3);
	forget();
	plugin->stop(user);
	check_text("notify-sums-up",
	           "not passed on in all: MAINPID= 2 times|"
	           "not passed on in all: WATCHDOG= 1 times|",
	           seen.logged);
	check_text("notify-stop-sends-nothing", "", seen.sent);
	plugin->close(user);
}

static void drive_notify(const char *path)
{
	struct vsn_host host = make_host(sizeof(host));
	void *library;
	const struct vsn_plugin *plugin = load(path, &library);
	void *user = NULL;

	if (!plugin)
		return;
	check_text("notify-loads-by-itself", "notify", plugin->name);
	check("notify-open", plugin->open(&host, &user) == 0 && user, "fails");
	drive_notify_config(plugin, user);
	drive_notify_peek(plugin, user);
	drive_notify_messages(plugin, user);
	plugin->close(user);
	drive_notify_timer(plugin, &host);
	drive_notify_policy(plugin, &host);
	check("notify-unloads", dlclose(library) == 0, "%s", dlerror());
}

/* A host from before set_timer, had there been one: a plugin that asks can do without. */
static void drive_life(const char *path)
{
	struct vsn_host host = make_host(offsetof(struct vsn_host, set_timer));
	void *library;
	const struct vsn_plugin *plugin = load(path, &library);
	void *user = NULL;

	if (!plugin || plugin->open(&host, &user) < 0)
		return;
	check("host-has", VSN_HOST_HAS(&host, barrier) && !VSN_HOST_HAS(&host, set_timer),
	      "wrong for a host struct of %u bytes", host.struct_size);
	check_text("host-has-in-plugin", "open, timer no|", seen.logged);
	give(plugin, user, "STATUS=x", 1);
	check("smaller-host", seen.timers == 0 && seen.barriers == 1, "%u timers, %u barriers",
	      seen.timers, seen.barriers);
	host.struct_size = sizeof(host);
	give(plugin, user, "STATUS=x", 5);
	check("whole-host", seen.timers == 1 && seen.deadline_usec == 1005, "%u timers",
	      seen.timers);
	plugin->close(user);
	dlclose(library);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("drive: say NOTIFY.so LIFE.so\n", stderr);
		return 2;
	}
	drive_notify(argv[1]);
	forget();
	drive_life(argv[2]);
	return all_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
