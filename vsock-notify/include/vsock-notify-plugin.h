/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugin interface of vsock-notify, ABI version 1.
 *
 * A plugin is a shared library that exports one symbol, vsock_notify_plugin, a constant that
 * VSN_REGISTER_PLUGIN() defines. It names the plugin's callbacks; the shim hands the plugin a
 * table of functions (struct vsn_host) to call back with. Neither side calls the other by symbol
 * name, so a plugin has no undefined reference to the shim and can be loaded by a unit test.
 *
 * Life of a plugin, all on the shim's one thread:
 *
 *     load -> open -> config* -> start -> ( peek | message | timer | event )* -> stop -> close -> unload
 *
 * docs/plugins.md draws it as a figure and has an example that compiles.
 *
 * Both structs carry their size and the ABI version they were compiled with. Within an ABI version
 * members are only ever appended. A member that the other side is too old to have reads as NULL
 * (plugin's callbacks, filled up with zeros by the shim) or lies beyond struct_size (host's
 * functions: ask with VSN_HOST_HAS() for any that is marked "since" a later release than yours).
 *
 * The header is C99 and C++ and needs no other header of this project.
 */
#ifndef VSOCK_NOTIFY_PLUGIN_H
#define VSOCK_NOTIFY_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VSN_ABI_VERSION 1

#if defined(__GNUC__)
#define VSN_EXPORT       __attribute__((visibility("default")))
#define VSN_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define VSN_EXPORT
#define VSN_PRINTF(f, a)
#endif

/* Severity of a log line; the values are those of syslog(3). */
enum vsn_log_level {
	VSN_LOG_ERROR = 3,
	VSN_LOG_WARNING = 4,
	VSN_LOG_INFO = 6,
	VSN_LOG_DEBUG = 7
};

/*
 * What the bytes of a connection that has not ended yet tell about it. The shim asks only where
 * it cannot see the sender's half-close (docs/architecture.md, "Framing").
 */
enum vsn_verdict {
	/* No opinion. Where no plugin has one, the shim waits as for VSN_VERDICT_PATIENT. */
	VSN_VERDICT_NONE = 0,
	/* May go on, and its sender fails when it is answered before its own shutdown(2). */
	VSN_VERDICT_PATIENT = 1,
	/* Complete as it stands, and its sender does not mind an early answer: wait briefly. */
	VSN_VERDICT_BRIEF = 2,
	/* Complete as it stands: take it now and hold the sender until it has been dealt with. */
	VSN_VERDICT_COMPLETE = 3,
	/* As BRIEF, and its sender does not mind either if a byte is sent to it (guest/answer_rule.h). */
	VSN_VERDICT_BYTE = 4
};

/* How the shim may treat a datagram while the host's service manager does not take any. */
enum vsn_send_class {
	/* A change of state: kept until it is delivered. */
	VSN_SEND_STATE = 0,
	/* Progress: of a backlog that grows too large or too old, these go first, oldest first. */
	VSN_SEND_PROGRESS = 1
};

/*
 * One whole notification from the guest. Valid during the call only.
 *
 * text is followed by a NUL byte that length does not count; it may contain others. It is what the
 * guest sent, of any content: at most 4096 bytes, possibly none.
 */
struct vsn_message {
	uint32_t struct_size; /* bytes of this struct that the shim filled in */
	uint32_t reserved;    /* 0 */
	uint64_t id;          /* number of the connection, from 1, as in the shim's log */
	uint64_t now_usec;    /* CLOCK_MONOTONIC, microseconds */
	const char *text;
	size_t length; /* bytes */

	/*
	 * Who connected. Not in the first header of ABI 1: ask with VSN_MESSAGE_HAS(). The process is
	 * the VMM's, -1 where the kernel does not say. The port is the sender's in the guest, which few
	 * VMMs tell (patches/); else VSN_PORT_UNKNOWN.
	 */
	int64_t peer_pid;
	uint32_t peer_uid;
	uint32_t source_port;
};

#define VSN_PORT_UNKNOWN 0xffffffffu

/* Whether the shim that made message filled in this member. */
#define VSN_MESSAGE_HAS(message, member) \
	((message)->struct_size >=       \
	 offsetof(struct vsn_message, member) + sizeof(((const struct vsn_message *)0)->member))

/*
 * Something has happened to the guest or its VM. The plugin that reads the guest's messages finds out the
 * GUEST events and tells each once (docs/architecture.md, "One life"). The shim and the launch wrapper find
 * out the VM events and the panic, from a VMM that tells them. What a message says comes in this order: its
 * fields, its status, what follows for the guest's state.
 */
enum vsn_event_type {
	/*
	 * A new life has begun: what was known of the last is void. number: 1 if it begins now, 0 if its first
	 * word has shown that it began some time ago.
	 */
	VSN_EVENT_GUEST_BOOTING = 1,
	/* number: 1 if the guest's READY=1 was lost, and its default target told that it is ready; else 0. */
	VSN_EVENT_GUEST_READY = 2,
	/* The guest is in emergency or rescue mode. */
	VSN_EVENT_GUEST_EMERGENCY = 3,
	/* number: the EXIT_STATUS= that the guest sent with its shutdown. */
	VSN_EVENT_GUEST_EXIT = 4,
	VSN_EVENT_GUEST_PANIC = 5,
	/* text: the way, "poweroff", "reboot", ...; "" if it is not known yet. */
	VSN_EVENT_GUEST_STOPPING = 6,
	/* text: "NAME=VALUE" as sent. number: 1 if policy refused it, 2 if policy refused that name before. */
	VSN_EVENT_GUEST_FIELD = 7,
	/* text: the STATUS= that the service manager is told. */
	VSN_EVENT_GUEST_STATUS = 8,
	/* Another VM has taken this one's place: nothing is known of its guest yet. */
	VSN_EVENT_GUEST_WAITING = 9,
	/* Emergency or rescue mode is over; READY follows if the guest is ready. */
	VSN_EVENT_GUEST_RECOVERED = 10,
	/* text: the unit. */
	VSN_EVENT_GUEST_UNIT_ACTIVE = 11,
	VSN_EVENT_GUEST_UNIT_INACTIVE = 12,
	/* text: the guest's host name. */
	VSN_EVENT_GUEST_HOSTNAME = 13,
	/*
	 * A connection that the VMM made for the guest has ended without a byte. The VMM has lost a message
	 * (docs/troubleshooting.md), or a program in the guest connected and changed its mind.
	 */
	VSN_EVENT_GUEST_LOST = 14,
	VSN_EVENT_VM_REBOOTED = 16,
	VSN_EVENT_VM_PAUSED = 17,
	VSN_EVENT_VM_RESUMED = 18,
	/* From a snapshot: the guest does not boot, it goes on. */
	VSN_EVENT_VM_RESTORED = 19,
	/* number: the VMM's process. */
	VSN_EVENT_VM_STARTED = 20,
	/* The VMM has ended. number: the exit status of "run". */
	VSN_EVENT_VM_STOPPED = 21,
	/* number: the process that connects for the guest, the first or one in the place of one that has ended. */
	VSN_EVENT_VM_PROCESS = 22,
	/* The shim was started anew while the VM went on. number: one of VSN_TAKEN_UP_*. */
	VSN_EVENT_VM_TAKEN_UP = 23
};

/* What the guest of a VM_TAKEN_UP was doing when the shim ended. */
#define VSN_TAKEN_UP_NOT_READY 0
#define VSN_TAKEN_UP_READY     1
#define VSN_TAKEN_UP_EMERGENCY 2

/* Flags of a GUEST_FIELD event: PID 1 says it of itself (X_SYSTEMD_*); UNIT_ACTIVE or UNIT_INACTIVE tells it, too. */
#define VSN_FIELD_SYSTEMD 1u
#define VSN_FIELD_TOLD    2u

/* An event, valid during the call only. A type that you do not know is to be ignored. */
struct vsn_event {
	uint32_t struct_size; /* bytes of this struct that the sender filled in */
	uint32_t type;        /* one of enum vsn_event_type */
	uint64_t now_usec;    /* CLOCK_MONOTONIC, microseconds */
	int64_t number;       /* as the type says, else 0 */

	/*
	 * As the type says, else NULL. A NUL follows that length does not count. Of a FIELD it is any bytes
	 * but a newline or a NUL; of a STATUS it is UTF-8 without control characters. Not in the first
	 * version of this struct: ask with VSN_EVENT_HAS().
	 */
	const char *text;
	size_t length; /* bytes */

	/* Of a GUEST_FIELD: VSN_FIELD_*; else 0. Not in the first versions of this struct. */
	uint32_t flags;
	uint32_t reserved; /* 0 */
};

/* Whether the sender of event filled in this member. */
#define VSN_EVENT_HAS(event, member) \
	((event)->struct_size >=     \
	 offsetof(struct vsn_event, member) + sizeof(((const struct vsn_event *)0)->member))

/*
 * What the shim gives to a plugin. The struct belongs to the shim and stays where it is, unchanged,
 * from open to the end of close; each plugin has its own. The functions may be called from within
 * the plugin's callbacks only, and only on the thread that called those.
 */
struct vsn_host {
	uint32_t struct_size; /* bytes of this struct that the shim has */
	uint32_t abi_version; /* VSN_ABI_VERSION of the shim */
	const char *version;  /* of the shim, for messages: "0.1.0" */

	/*
	 * Writes one line to the shim's log, prefixed with the plugin's name. Guest bytes must be
	 * passed as arguments of %s, never as the format: control characters are escaped. Lines of
	 * VSN_LOG_INFO and more severe are limited in rate; what is left out is counted. Never
	 * blocks, never fails.
	 */
	void (*log)(const struct vsn_host *host, int level, const char *format, ...)
		VSN_PRINTF(3, 4);

	/*
	 * Queues one sd_notify(3) datagram for the host's service manager: newline-separated
	 * assignments, 1 to 4096 bytes, copied. send_class is one of enum vsn_send_class. Called
	 * from within message, it holds that guest's connection until the datagram has been
	 * delivered or given up on. Datagrams are sent when the callback has returned, in the
	 * order of these calls.
	 * Returns 0, or a negative errno: -EMSGSIZE for a length that is not allowed, -ENOBUFS
	 * where the backlog is full or progress is told too often for a guest (the shim has logged
	 * it), -ENOMEM.
	 */
	int (*send)(const struct vsn_host *host, int send_class, const char *text, size_t length);

	/*
	 * Queues a barrier as sd_notify_barrier(3) does. From within message only: holds that
	 * guest's connection until the service manager has processed all that was queued before
	 * (or the shim gives up). Returns 0 or a negative errno.
	 */
	int (*barrier)(const struct vsn_host *host);

	/*
	 * Asks for one call of the timer callback at deadline_usec (CLOCK_MONOTONIC, microseconds)
	 * and replaces an earlier request; 0 withdraws it.
	 */
	void (*set_timer)(const struct vsn_host *host, uint64_t deadline_usec);

	/*
	 * Tells the shim and all other plugins that something has happened. From within message,
	 * timer or event. The others are told at once; one that is being called, when it has
	 * returned. Not in the first header of ABI 1: ask with VSN_HOST_HAS().
	 */
	void (*event)(const struct vsn_host *host, const struct vsn_event *event);
};

/* Whether the shim that made host has this member (a function may then still be NULL: no). */
#define VSN_HOST_HAS(host, member) \
	((host)->struct_size >=    \
	 offsetof(struct vsn_host, member) + sizeof(((const struct vsn_host *)0)->member))

/*
 * What confinement is to leave to a plugin (docs/security.md). Lists are NULL-ended, or NULL. All of
 * it belongs to the plugin. The system calls of the shim's own loop, and memory, are allowed to all.
 */
struct vsn_needs {
	uint32_t struct_size; /* sizeof(struct vsn_needs) */
	uint32_t reserved;    /* 0 */
	/* System calls by name ("openat"); one that this system does not know keeps the shim from starting. */
	const char *const *system_calls;
	/* Paths, of files or folders with all that is in them, to be read, or also written and made. */
	const char *const *read_paths;
	const char *const *write_paths;
};

/*
 * What a plugin is. name, open, message and close are required, everything else may be NULL.
 * Strings and the struct belong to the plugin and stay valid until it is unloaded.
 */
struct vsn_plugin {
	/* Lower-case letters, digits, '-'; equals the file name without ".so". */
	const char *name;
	const char *version;
	const char *description; /* one line */
	/* One line per key: "key=WHAT  description\n". Shown by "vsock-notify plugins". */
	const char *config_help;

	/*
	 * Called once, first. Stores the plugin's own data, which every other callback is given,
	 * in *user. On error, a negative errno, nothing else is called, not even close: the shim
	 * logs it (log a line first where there is more to say) and ends before it has served anyone.
	 */
	int (*open)(const struct vsn_host *host, void **user);

	/*
	 * Called for each key=value of --plugin=NAME,key=value..., in order. The strings are valid
	 * during the call. Returns 0; -ENOENT for a key it does not know and -EINVAL for a value it
	 * does not take (the shim words both); any other negative errno after a log line of its own.
	 */
	int (*config)(void *user, const char *key, const char *value);

	/*
	 * Called after the last config: the last place where an error (negative errno) keeps the
	 * shim from starting.
	 */
	int (*start)(void *user);

	/*
	 * Looks at what has arrived of a message that may not be whole, see enum vsn_verdict. Must
	 * be pure: it is called any number of times for a message, also for beginnings of one.
	 */
	int (*peek)(void *user, const char *text, size_t length);

	/*
	 * Takes one whole message. A negative errno says that the plugin itself failed (not that
	 * the guest sent rubbish): it is logged and the shim goes on.
	 */
	int (*message)(void *user, const struct vsn_message *message);

	/* The time asked for by set_timer has come; now_usec is CLOCK_MONOTONIC. */
	void (*timer)(void *user, uint64_t now_usec);

	/*
	 * No more messages will come. What is sent from here is still delivered. Left out where the
	 * shim ends otherwise than in order: it could not start, or what was under way did not end.
	 */
	void (*stop)(void *user);

	/* Called last. Frees user. */
	void (*close)(void *user);

	/*
	 * Something has happened that another plugin, or the shim, has found out. Never called while
	 * another callback of this plugin runs. Not in the first header of ABI 1.
	 */
	void (*event)(void *user, const struct vsn_event *event);

	/*
	 * What the plugin needs to go on doing after the shim has confined itself, which is after
	 * start; NULL: nothing. Better open in start what can be opened there. Not in the first header
	 * of ABI 1.
	 */
	const struct vsn_needs *needs;
};

/* The one exported symbol's type; fill it in with VSN_REGISTER_PLUGIN only. */
struct vsn_registration {
	uint32_t abi_version; /* VSN_ABI_VERSION the plugin was compiled with */
	uint32_t plugin_size; /* sizeof(struct vsn_plugin) it was compiled with */
	const struct vsn_plugin *plugin;
};

#define VSN_REGISTRATION_SYMBOL "vsock_notify_plugin"

/* At file scope, once: VSN_REGISTER_PLUGIN(my_plugin), my_plugin being a struct vsn_plugin. */
#define VSN_REGISTER_PLUGIN(plugin_struct)                                   \
	VSN_EXPORT extern const struct vsn_registration vsock_notify_plugin; \
	const struct vsn_registration vsock_notify_plugin = {                \
		VSN_ABI_VERSION, (uint32_t)sizeof(struct vsn_plugin), &(plugin_struct)}

#ifdef __cplusplus
}
#endif

#endif
