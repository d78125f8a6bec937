/* SPDX-License-Identifier: Apache-2.0 */
/* The table of launchers (see launcher_known.h). */
#include "launcher_known.h"

#include <stddef.h>
#include <string.h>

#include "base/macros.h"

static const struct known_launcher known[] = {
	{.name = "sudo",
         .kind = SUDO,
         .short_values = "CDghpRrTtUu",
         .long_values = " close-from chdir group host prompt chroot role type command-timeout "
                        "other-user user ",
         .assignments = true,
         .user_letter = 'u',
         .user_name = "user",
         .folder_letters = "Di",
         .folder_name = "chdir",
         .root_letters = "R",
         .root_names = " chroot ",
         .fork_letter = 'b'},
	{.name = "doas", .closes = true, .short_values = "aCu", .user_letter = 'u'},
	{.name = "env",
         .kind = ENV,
         .short_values = "uCaS",
         .long_values = " unset chdir argv0 split-string ",
         .assignments = true,
         .folder_letters = "C",
         .folder_name = "chdir"},
	{.name = "nice", .short_values = "n", .long_values = " adjustment "},
	{.name = "ionice", .short_values = "cn", .long_values = " class classdata "},
	{.name = "chrt",
         .kind = PRIORITY,
         .short_values = "TPD",
         .long_values = " sched-runtime sched-period sched-deadline "},
	{.name = "taskset", .operands = 1},
	{.name = "numactl",
         .short_values = "iwNCmPp",
         .long_values = " interleave weighted-interleave cpunodebind physcpubind membind "
                        "preferred-many preferred "},
	{.name = "prlimit", .short_values = "o", .long_values = " output "},
	{.name = "choom", .short_values = "n", .long_values = " adjust "},
	{.name = "setpriv",
         .long_values =
                 " ambient-caps inh-caps bounding-set ruid euid reuid rgid egid regid groups "
                 "securebits "
                 "pdeathsig ptracer selinux-label apparmor-profile landlock-access landlock-rule "
                 "seccomp-filter ",
         .user_name = "reuid"},
	{.name = "unshare",
         .short_values = "RwSGl",
         .long_values = " root wd setuid setgid map-user map-group map-users map-groups "
                        "propagation setgroups "
                        "monotonic boottime load-interp ",
         .folder_letters = "w",
         .folder_name = "wd",
         .root_letters = "R",
         .root_names = " root "},
	{.name = "nsenter",
         .short_values = "tSG",
         .short_optional = "muinpCUTrw",
         .long_values = " target setuid setgid ",
         .folder_letters = "w",
         .folder_name = "wd",
         .root_letters = "rma",
         .root_names = " root mount all "},
	{.name = "chroot", .long_values = " groups userspec ", .operands = 1, .root_names = ""},
	{.name = "setsid", .fork_letter = 'f'},
	{.name = "nohup"},
	{.name = "stdbuf", .short_values = "ioe", .long_values = " input output error "},
	{.name = "timeout",
         .short_values = "ks",
         .long_values = " kill-after signal ",
         .operands = 1},
	{.name = "time", .short_values = "fo", .long_values = " format output "},
	{.name = "flock",
         .short_values = "wE",
         .long_values = " timeout wait conflict-exit-code ",
         .operands = 1},
	{.name = "strace",
         .short_values = "abeEIoOpPsSuUX",
         .long_values = " columns detach-on env trace output attach trace-path string-limit user "
                        "const-print-style ",
         .user_letter = 'u',
         .user_name = "user"},
	{.name = "runuser",
         .kind = SHELL,
         .short_values = "ugGsw",
         .long_values = " user group supp-group shell whitelist-environment ",
         .user_letter = 'u',
         .user_name = "user"},
	{.name = "systemd-run",
         .kind = SCOPE,
         .short_values = "HMpuEtC",
         .long_values =
                 " host machine property unit slice description service-type uid gid nice "
                 "working-directory setenv on-active on-boot on-startup on-unit-active "
                 "on-unit-inactive "
                 "on-calendar timer-property path-property socket-property background job-mode "
                 "root-directory ",
         .user_name = "uid",
         .folder_letters = "d",
         .folder_name = "working-directory"},
	{.name = "systemd-inhibit", .closes = true, .long_values = " what who why mode "},
	{.name = "systemd-cat",
         .short_values = "tp",
         .long_values = " identifier priority stderr-priority level-prefix "},
	{.name = "cgexec", .short_values = "g"},
	{.name = "chpst", .short_values = "uUbe/nlLmdopfcrt", .user_letter = 'u'},
	{.name = "s6-setuidgid", .operands = 1, .user_name = ""},
	{.name = "setuidgid", .operands = 1, .user_name = ""},
	{.name = "gosu", .operands = 1, .user_name = ""},
	{.name = "su-exec", .operands = 1, .user_name = ""},
	{.name = "catatonit"},
	{.name = "tini", .short_values = "pe"},
	{.name = "dumb-init", .short_values = "r", .long_values = " rewrite "},
	{.name = "eatmydata"},
	{.name = "ip", .kind = IP, .short_values = "nfb", .long_values = " netns family batch "},
	{.name = "perf", .kind = SEARCH},
	{.name = "gdb", .kind = SEARCH},
	{.name = "rr", .kind = SEARCH},
	{.name = "valgrind"},
	{.name = "ltrace", .short_values = "aADeFlnopsux"},
	{.name = "heaptrack", .short_values = "op"},
	{.name = "bwrap",
         .long_values =
                 " args argv0 userns userns2 pidns uid gid hostname chdir unsetenv lock-file "
                 "sync-fd "
                 "remount-ro exec-label file-label proc dev tmpfs mqueue dir seccomp "
                 "add-seccomp-fd "
                 "block-fd userns-block-fd info-fd json-status-fd cap-add cap-drop perms size "
                 "overlay-src tmp-overlay ro-overlay ",
         .long_pairs = " bind bind-try dev-bind dev-bind-try ro-bind ro-bind-try bind-fd "
                       "ro-bind-fd symlink "
                       "setenv file bind-data ro-bind-data chmod "},
	{.name = "firejail", .closes = true, .keep = "--keep-fd="},
	{.name = "pasta", .kind = SEARCH, .closes = true},
	{.name = "dbus-run-session", .long_values = " config-file dbus-daemon "},
	{.name = "setarch", .operands = 1},
	{.name = "linux64"},
	{.name = "cpulimit", .short_values = "lepPc", .long_values = " limit exe pid path "},
	{.name = "busybox"},
	{.name = "sh", .kind = SHELL, .short_values = "o"},
	{.name = "bash", .kind = SHELL, .short_values = "oO", .long_values = " rcfile init-file "},
	{.name = "dash", .kind = SHELL, .short_values = "o"},
	{.name = "zsh", .kind = SHELL, .short_values = "o"},
	{.name = "su", .kind = SU},
};

const struct known_launcher *launcher_known(const char *program)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(basename(program), known[i].name) == 0)
			return &known[i];
	return NULL;
}
