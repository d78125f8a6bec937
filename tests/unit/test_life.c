/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/notify/life: messages, events and time in, edges out. Captures: test_life_captures.c. */
#include "plugins/notify/life.h"

#include "life_fixture.h"

/*
 * A row is one sequence. in: steps, separated by '|'. A step is a message ("=" stands for X_SYSTEMD_UNIT_ACTIVE=, "-" for
 * X_SYSTEMD_UNIT_INACTIVE=), or "@EVENT" or "@EVENT NUMBER", or "+" for LIFE_HOLD_USEC later, or "~" for INFER_QUIET_USEC
 * later. out: the edges of each step.
 */
struct sequence {
	const char *in;
	const char *out;
};

#define BOOT           "X_SYSTEMD_HOSTNAME=h|X_SYSTEMD_MACHINE_ID=0"
#define BOOTED         "booting|"
#define TO_READY       BOOT "|=basic.target|READY=1"
#define IS_READY       BOOTED "||ready"
#define SOFT_REBOOT    "=soft-reboot.target|RELOADING=1"
#define END(way)       "EXIT_STATUS=3\nX_SYSTEMD_SHUTDOWN=" way
#define TO_RESCUE(one) TO_READY "|-multi-user.target|-basic.target|=" one

static const struct sequence readiness[] = {
	/* a guest that announces nothing is ready when it says so */
	{"READY=1|READY=1", "booting ready|"},
	{"STATUS=x|READY=1|STATUS=x", "booting|ready|"},
	/* with basic.target before it, READY=1 is ready at once */
	{BOOT "|=sysinit.target|=basic.target|READY=1|=multi-user.target|+", BOOTED "|||ready||"},
	/* without, it is held until the next unit */
	{BOOT "|READY=1|-final.target|X_SYSTEMD_SIGNALS_LEVEL=2|=getty.target|=multi-user.target|+",
         BOOTED "||||ready||"},
	{BOOT "|READY=1|=basic.target|=basic.target|+", BOOTED "||ready||"},
	/* or for as long as it takes */
	{BOOT "|+|READY=1|+|+", BOOTED "|||ready|"},
	/* the order of systemd 262 */
	{"X_SYSTEMD_MACHINE_ID=0|X_SYSTEMD_HOSTNAME=h|=imports.target|=basic.target|READY=1",
         "booting||||ready"},
	/* names are compared whole */
	{BOOT "|=basic.target2|=initrd-basic.target|X_SYSTEMD_UNIT_ACTIVE2=basic.target|READY=1|"
              "X_SYSTEMD_SHUTDOWN2=reboot|READY=1\nSTATUS=x|+",
         BOOTED "|||||||ready"},
	/* several in one message */
	{BOOT "|READY=1\n=basic.target", BOOTED "|ready"},
	{BOOT "|=basic.target\nREADY=1", BOOTED "|ready"},
	{"X_SYSTEMD_HOSTNAME=h\n=basic.target\nREADY=1\n" END("poweroff"),
         "booting stopping(poweroff) exit(3)"},
	/* READY edges are not repeated, whatever the service manager is told */
	{TO_READY "|READY=1|=multi-user.target|READY=1", IS_READY "|||"},
	/* no field, no life */
	{"|\n\n|rubbish|MAINPID=1", "|||booting"},
};

static const struct sequence emergencies[] = {
	/* READY=1 and then emergency: not ready, not even later */
	{BOOT "|READY=1|=%s|+|=getty.target", BOOTED "||emergency||"},
	/* emergency and then READY=1 */
	{BOOT "|=%s|READY=1|+|READY=1", BOOTED "|emergency|||"},
	{BOOT "|READY=1\n=%s|+", BOOTED "|emergency|"},
	/* entered once */
	{BOOT "|=%s|=%s|READY=1", BOOTED "|emergency||"},
	/* the boot that goes on is ready at basic.target */
	{BOOT "|READY=1|=%s|-%s|=sysinit.target|=basic.target|READY=1",
         BOOTED "||emergency|||recovered ready|"},
	{BOOT "|READY=1|=%s|=basic.target|-%s", BOOTED "||emergency||recovered ready"},
	{BOOT "|=%s|-%s|=basic.target|READY=1", BOOTED "|emergency||recovered|ready"},
	{BOOT "|=%s|-%s|READY=1|+", BOOTED "|emergency|||recovered ready"},
	/* a ready guest that goes there and comes back: in any order of the two that tell of it */
	{TO_RESCUE("%s") "|READY=1|-%s|=basic.target|=multi-user.target",
         IS_READY "|||emergency|||recovered ready|"},
	{TO_RESCUE("%s") "|=basic.target|-%s", IS_READY "|||emergency||recovered ready"},
	{TO_RESCUE("%s") "|=multi-user.target|=basic.target|-%s",
         IS_READY "|||emergency|recovered ready||"},
	{TO_RESCUE("%s") "|=graphical.target", IS_READY "|||emergency|recovered ready"},
	/* and again */
	{TO_RESCUE("%s") "|=multi-user.target|=%s|=multi-user.target",
         IS_READY "|||emergency|recovered ready|emergency|recovered ready"},
	/* it stops there */
	{TO_RESCUE("%s") "|=shutdown.target|" END("reboot") "|=basic.target",
         IS_READY "|||emergency|stopping()|stopping(reboot)|booting"},
};

static const struct sequence one_of_two_emergencies[] = {
	/* from one to the other, which is active before the first is inactive */
	{BOOT "|=rescue.target|=emergency.target|-rescue.target|=basic.target",
         BOOTED "|emergency|||"},
	{BOOT "|=rescue.target|=emergency.target|-rescue.target|-emergency.target|=basic.target",
         BOOTED "|emergency||||recovered"},
};

static const struct sequence ends[] = {
	{TO_READY "|=shutdown.target|=umount.target|" END("poweroff"),
         IS_READY "|stopping()||stopping(poweroff) exit(3)"},
	{TO_READY "|" END("halt"), IS_READY "|stopping(halt) exit(3)"},
	{TO_READY "|" END("exit"), IS_READY "|stopping(exit) exit(3)"},
	{TO_READY "|X_SYSTEMD_SHUTDOWN=poweroff", IS_READY "|stopping(poweroff)"},
	{TO_READY "|EXIT_STATUS=256\nX_SYSTEMD_SHUTDOWN=poweroff", IS_READY "|stopping(poweroff)"},
	{TO_READY "|EXIT_STATUS=3", IS_READY "|"},
	{TO_READY "|X_SYSTEMD_SHUTDOWN=", IS_READY "|stopping()"},
	{TO_READY "|=shutdown.target|X_SYSTEMD_SHUTDOWN=", IS_READY "|stopping()|"},
	/* what comes after is of no life: nothing but a new one does */
	{TO_READY "|" END("poweroff") "|STATUS=late|EXIT_STATUS=4|" END("kexec") "|+",
         IS_READY "|stopping(poweroff) exit(3)||||"},
	/* it ends a READY=1 that is held, and so does shutdown.target */
	{BOOT "|READY=1|" END("poweroff") "|+", BOOTED "||stopping(poweroff) exit(3)|"},
	{BOOT "|READY=1|=shutdown.target|+", BOOTED "||stopping()|"},
	/* shutdown.target is said once, and a way that is known is not forgotten */
	{TO_READY "|=shutdown.target|=shutdown.target", IS_READY "|stopping()|"},
	/* on its way down an announcing guest that says READY=1 is not ready */
	{TO_READY "|-basic.target|=shutdown.target|READY=1|+", IS_READY "||stopping()||"},
	/* an older guest's own STOPPING=1 tells no way; it may say READY=1 again */
	{"READY=1|STOPPING=1|STOPPING=1|READY=1|STOPPING=1",
         "booting ready|stopping()||ready|stopping()"},
	/* of a guest that announces its units it is some program's */
	{TO_READY "|STOPPING=1", IS_READY "|"},
	{"READY=1|STOPPING=1\nX_SYSTEMD_HOSTNAME=h", "booting ready|"},
};

static const struct sequence lives[] = {
	/* PID 1 speaks after its end, a program's late word is no boot */
	{TO_READY "|" END("reboot") "|STATUS=late|" TO_READY,
         IS_READY "|stopping(reboot)||" IS_READY},
	{TO_READY "|" END("reboot") "|READY=1", IS_READY "|stopping(reboot)|booting ready"},
	{TO_READY "|" END("kexec") "|" BOOT "|=emergency.target",
         IS_READY "|stopping(kexec)|" BOOTED "|emergency"},
	/* soft-reboot: the new life announces everything, and is one */
	{TO_READY "|-basic.target|=shutdown.target|=final.target|" SOFT_REBOOT "|" BOOT
                  "|X_SYSTEMD_SIGNALS_LEVEL=2|READY=1|=basic.target",
         IS_READY "||stopping()||booting||||||ready"},
	/* switch-root: the same life, whether its initrd has announced who it is or not */
	{"X_SYSTEMD_SIGNALS_LEVEL=2|RELOADING=1|" BOOT "|=basic.target|READY=1",
         "booting|||||ready"},
	{BOOT "|RELOADING=1|" BOOT "|=basic.target|READY=1", BOOTED "|||||ready"},
	{BOOT "|RELOADING=1\nX_SYSTEMD_HOSTNAME=h|X_SYSTEMD_MACHINE_ID=0", BOOTED "||"},
	/* daemon-reload */
	{TO_READY "|RELOADING=1|READY=1", IS_READY "||"},
	/* a reset: who it is comes again, in either order, in any phase */
	{TO_READY "|" BOOT "|=emergency.target|READY=1", IS_READY "|booting||emergency|"},
	{TO_READY "|X_SYSTEMD_MACHINE_ID=0|X_SYSTEMD_HOSTNAME=h|READY=1|+",
         IS_READY "|booting|||ready"},
	{BOOT "|" BOOT "|" BOOT, BOOTED "|booting||booting|"},
	{BOOT "|=rescue.target|" BOOT, BOOTED "|emergency|booting|"},
	{TO_READY "|=shutdown.target|" BOOT, IS_READY "|stopping()|booting|"},
	/* the initrd's first word */
	{TO_READY "|X_SYSTEMD_SIGNALS_LEVEL=2|RELOADING=1|" BOOT, IS_READY "||||"},
	{"X_SYSTEMD_SIGNALS_LEVEL=2|RELOADING=1|" BOOT "|X_SYSTEMD_SIGNALS_LEVEL=2|=basic.target|"
         "READY=1|X_SYSTEMD_SIGNALS_LEVEL=2",
         "booting||||||ready|booting"},
	/* only one of them is announced */
	{"X_SYSTEMD_HOSTNAME=h|X_SYSTEMD_HOSTNAME=h", "booting|booting"},
	{"X_SYSTEMD_HOSTNAME=h\nX_SYSTEMD_HOSTNAME=h|=basic.target", "booting|"},
};

static const struct sequence of_the_vmm[] = {
	/* the VMM tells of a reboot that the guest has told of: before its first word */
	{TO_READY "|" END("reboot") "|@rebooted|" BOOT, IS_READY "|stopping(reboot)|booting||"},
	/* after it */
	{TO_READY "|" END("reboot") "|X_SYSTEMD_HOSTNAME=h|@rebooted|X_SYSTEMD_MACHINE_ID=0",
         IS_READY "|stopping(reboot)|booting||"},
	/* of a reset, after the guest's first word */
	{TO_READY "|" BOOT "|@rebooted|=basic.target|READY=1", IS_READY "|booting||||ready"},
	/* the next one is another */
	{TO_READY "|" BOOT "|@rebooted|@rebooted", IS_READY "|booting|||booting"},
	/* of a reset, before it; of what nothing is known of */
	{TO_READY "|@rebooted|" BOOT "|READY=1|+", IS_READY "|booting||||ready"},
	{"@rebooted|X_SYSTEMD_HOSTNAME=h", "booting|"},
	/* the VMM is faster to tell than the guest's last word is */
	{TO_READY "|@rebooted|" END("reboot") "|" BOOT, IS_READY "|booting|||"},
	/* after a kexec, which no VMM tells of, a reboot is another */
	{TO_READY "|" END("kexec") "|X_SYSTEMD_HOSTNAME=h|@rebooted",
         IS_READY "|stopping(kexec)|booting|booting"},
	/* it withdraws a READY=1 that is held */
	{BOOT "|READY=1|@rebooted|+", BOOTED "||booting|"},
	/* a restored guest does not boot; one that is reset then does */
	{"@restored|X_SYSTEMD_UNIT_ACTIVE=a.target|@restored", "ready||"},
	{"@restored|X_SYSTEMD_HOSTNAME=h", "ready|booting"},
	/* a panicked kernel says no more, unless it boots */
	{TO_READY "|@panic|=emergency.target|READY=1|" END("poweroff") "|+|" BOOT,
         IS_READY "||||||booting|"},
	{BOOT "|READY=1|@panic|+|@rebooted", BOOTED "||||booting"},
	/* another process of a VMM */
	{"@process 7|@process 8|" TO_READY "|@process 8|@process 9|READY=1\n=emergency.target",
         "||" IS_READY "||waiting|booting emergency"},
	{"@process 7|READY=1|@process 8|" BOOT "|READY=1|=emergency.target",
         "|booting ready|waiting|" BOOTED "||emergency"},
	{"@process 7|READY=1|X_SYSTEMD_SHUTDOWN=poweroff|@process 8|STATUS=x",
         "|booting ready|stopping(poweroff)|waiting|booting"},
	/* the first process of a guest that is known already is no other */
	{"READY=1|@process 7|READY=1", "booting ready||"},
	/* the shim was started anew */
	{"@process 7|@taken-up 1|@process 7|READY=1|=multi-user.target", "|ready|||"},
	{"@process 7|@taken-up 1|@process 8", "|ready|waiting"},
	{"@process 7|@taken-up 1|@process 8|READY=1", "|ready|waiting|booting ready"},
	{"@taken-up 1|X_SYSTEMD_HOSTNAME=h", "ready|booting"},
	{"@taken-up 1|=rescue.target|=multi-user.target", "ready|emergency|recovered ready"},
	{"@taken-up 0|=basic.target|READY=1", "||ready"},
	{"@taken-up 0|READY=1|=emergency.target", "||emergency"},
	{"@taken-up 2|=basic.target", "|recovered ready"},
	{"@taken-up 2|READY=1\n-basic.target|=shutdown.target", "||stopping()"},
};

/* With ready-unit=web.target. */
static const struct sequence with_a_unit[] = {
	{BOOT "|READY=1|=basic.target|READY=1|=multi-user.target|+|=web.target|=web.target",
         BOOTED "||||||ready|"},
	{BOOT "|=web.target|" END("reboot") "|READY=1|=web.target",
         BOOTED "|ready|stopping(reboot)|booting|ready"},
	{BOOT "|=emergency.target|READY=1|+", BOOTED "|emergency||"},
	/* It is ready again when the unit is, or at once if it still is. */
	{BOOT "|=web.target|-web.target|=rescue.target|=multi-user.target|=web.target",
         BOOTED "|ready||emergency|recovered|ready"},
	{BOOT "|=web.target|=rescue.target|=multi-user.target",
         BOOTED "|ready|emergency|recovered ready"},
	{"@taken-up 1|=rescue.target|-rescue.target|=basic.target",
         "ready|emergency|recovered ready|"},
};

#define DEFAULT_TARGET "=basic.target|=multi-user.target"
#define JOB            "STATUS=User job a.service/start running (3s / no limit)..."

/* READY=1 is lost, or may be. */
static const struct sequence readiness_is_inferred[] = {
	/* the loss is seen before the default target is announced, and after it */
	{BOOT "|=basic.target|@lost|=multi-user.target|~", BOOTED "||||ready(inferred)"},
	{BOOT "|" DEFAULT_TARGET "|@lost|~", BOOTED "||||ready(inferred)"},
	{BOOT "|" DEFAULT_TARGET "|~|~|@lost|+|+|+", BOOTED "||||||||ready(inferred)"},
	/* graphical.target is as good, also alone */
	{BOOT "|@lost|=graphical.target|~", BOOTED "|||ready(inferred)"},
	/* every word of PID 1's starts the wait again */
	{BOOT "|@lost|" DEFAULT_TARGET "|+|+|=graphical.target|+|+|+",
         BOOTED "|||||||||ready(inferred)"},
	{BOOT "|@lost|" DEFAULT_TARGET "|+|+|" JOB "|+|+|" JOB
              "|+|+|=printer.target|+|+|-printer.target|+|+|+",
         BOOTED "||||||||||||||||||ready(inferred)"},
	{BOOT "|@lost|" DEFAULT_TARGET "|+|+|RELOADING=1\nMONOTONIC_USEC=5|+|+|+",
         BOOTED "|||||||||ready(inferred)"},
	/* a program's does not, and further losses do not */
	{BOOT "|@lost|" DEFAULT_TARGET "|+|STATUS=x|+|BARRIER=1|@lost|EXIT_STATUS=0|+",
         BOOTED "||||||||||ready(inferred)"},
	/* READY=1 that comes is no inference; one that comes late is no second edge */
	{BOOT "|@lost|" DEFAULT_TARGET "|READY=1|~", BOOTED "||||ready|"},
	{BOOT "|@lost|" DEFAULT_TARGET "|~|READY=1|~", BOOTED "||||ready(inferred)||"},
	/* a loss that leaves no trace is told by a longer silence */
	{BOOT "|" DEFAULT_TARGET "|~|~|~~", BOOTED "|||||ready(inferred)"},
	{BOOT "|" DEFAULT_TARGET "|~|" JOB "|~|~|~~", BOOTED "|||||||ready(inferred)"},
	{BOOT "|" DEFAULT_TARGET "|=shutdown.target|~~", BOOTED "|||stopping()|"},
	{BOOT "|=emergency.target|READY=1|~~", BOOTED "|emergency||"},
	/* a paused VM is silent for another reason */
	{BOOT "|@lost|" DEFAULT_TARGET "|@paused|~~|@resumed|+|+|+",
         BOOTED "|||||||||ready(inferred)"},
	{BOOT "|@paused|@lost|" DEFAULT_TARGET "|~~", BOOTED "|||||"},
	/* without the default target there is none */
	{BOOT "|=basic.target|~~", BOOTED "||"},
	{BOOT "|=basic.target|=getty.target|@lost|~|~", BOOTED "|||||"},
	/* the default target, or what it requires, is inactive again */
	{BOOT "|@lost|" DEFAULT_TARGET "|-multi-user.target|~", BOOTED "|||||"},
	{BOOT "|@lost|" DEFAULT_TARGET "|-graphical.target|~", BOOTED "|||||"},
	{BOOT "|@lost|" DEFAULT_TARGET "|-basic.target|~", BOOTED "|||||"},
	{BOOT "|@lost|" DEFAULT_TARGET "|-sysinit.target|~", BOOTED "|||||"},
	{BOOT "|@lost|" DEFAULT_TARGET "|-multi-user.target|=multi-user.target|~",
         BOOTED "||||||ready(inferred)"},
	/* on its way down, at its end, after a panic */
	{BOOT "|@lost|" DEFAULT_TARGET "|=shutdown.target|~", BOOTED "||||stopping()|"},
	{BOOT "|@lost|" DEFAULT_TARGET "|" END("poweroff") "|~",
         BOOTED "||||stopping(poweroff) exit(3)|"},
	{BOOT "|@lost|" DEFAULT_TARGET "|@panic|~", BOOTED "|||||"},
	/* in an emergency, which ends */
	{BOOT "|@lost|=basic.target|=emergency.target|~|-emergency.target|~|=multi-user.target|~",
         BOOTED "|||emergency||recovered|||ready(inferred)"},
	{BOOT "|@lost|=rescue.target|~|=multi-user.target|~",
         BOOTED "||emergency||recovered|ready(inferred)"},
	{BOOT "|@lost|" DEFAULT_TARGET "|=emergency.target|~|-multi-user.target|~",
         BOOTED "||||emergency|||"},
	/* a loss is of one life only */
	{BOOT "|@lost|=soft-reboot.target|" DEFAULT_TARGET "|~", BOOTED "||booting|||"},
	{BOOT "|@lost|@rebooted|" DEFAULT_TARGET "|~", BOOTED "||booting|||"},
	{BOOT "|@lost|" BOOT "|" DEFAULT_TARGET "|~", BOOTED "||booting||||"},
	{BOOT "|@lost|" DEFAULT_TARGET "|" END("reboot") "|X_SYSTEMD_HOSTNAME=h|" DEFAULT_TARGET
                                                         "|~",
         BOOTED "||||stopping(reboot)|booting|||"},
	{"@process 7|" BOOT "|@lost|@process 8|" BOOT "|" DEFAULT_TARGET "|~",
         "|" BOOTED "||waiting|" BOOTED "|||"},
	/* what is lost before a life's first word is of that life */
	{"@lost|" BOOT "|" DEFAULT_TARGET "|~", "|" BOOTED "|||ready(inferred)"},
	{TO_READY "|" END("reboot") "|@lost|" BOOT "|" DEFAULT_TARGET "|~",
         IS_READY "|stopping(reboot)||" BOOTED "|||ready(inferred)"},
	/* who is ready stays so */
	{TO_READY "|=multi-user.target|@lost|~", IS_READY "|||"},
	{"@restored|@lost|=multi-user.target|~", "ready|||"},
	/* and the next new life begins as ever */
	{BOOT "|@lost|" DEFAULT_TARGET "|~|" TO_READY, BOOTED "||||ready(inferred)|" IS_READY},
};

/* Another message than READY=1 is lost, or may be. */
static const struct sequence other_losses[] = {
	/* basic.target is: the next target implies it */
	{BOOT "|@lost|READY=1|=multi-user.target|+", BOOTED "|||ready|"},
	{BOOT "|@lost|=multi-user.target|READY=1|+", BOOTED "|||ready|"},
	/* the default target's announcement is */
	{BOOT "|=basic.target|READY=1|@lost|~", BOOTED "||ready||"},
	/* both READY=1 and it are: nothing tells */
	{BOOT "|=basic.target|@lost|@lost|~|~", BOOTED "|||||"},
	/* the emergency's is: READY=1 is held, whatever follows, until basic.target is active */
	{BOOT "|@lost|READY=1|+|+|=sysinit.target|+|=basic.target|=multi-user.target",
         BOOTED "|||||||ready|"},
	{BOOT "|READY=1|@lost|+|+|=sysinit.target|+|=basic.target", BOOTED "|||||||ready"},
	{BOOT "|READY=1|@lost|=sysinit.target|+|=basic.target", BOOTED "|||||ready"},
	{BOOT "|READY=1|@lost|+|READY=1|+|=multi-user.target", BOOTED "||||||ready"},
	{BOOT "|READY=1|@lost|+|=shutdown.target|=basic.target", BOOTED "||||stopping()|"},
	{BOOT "|@lost|READY=1|=emergency.target|+|=basic.target|-emergency.target",
         BOOTED "|||emergency|||recovered ready"},
	/* the end of the emergency's: the default target conflicts with it */
	{BOOT "|=emergency.target|READY=1|@lost|=basic.target|=multi-user.target",
         BOOTED "|emergency||||recovered ready"},
	/* of a guest that announces nothing nothing more is to be had than READY=1 */
	{"STATUS=x|@lost|READY=1|+|READY=1", "booting|||ready|"},
	{"@lost|READY=1|STATUS=x|+", "|booting||ready"},
	{"READY=1|@lost|STOPPING=1|READY=1|+", "booting ready||stopping()||ready"},
	/* what it announces may be an emergency, after all */
	{"@lost|READY=1|=emergency.target|+", "|booting|emergency|"},
	/* soft-reboot.target: the new life's first word tells, though RELOADING=1 came before it */
	{TO_READY "|-basic.target|=shutdown.target|@lost|RELOADING=1|" BOOT
                  "|=basic.target|READY=1",
         IS_READY "||stopping()|||booting|||ready"},
	/* a reboot's last word: so does the next first one */
	{TO_READY "|=shutdown.target|@lost|X_SYSTEMD_MACHINE_ID=0|=basic.target|READY=1",
         IS_READY "|stopping()||booting||ready"},
	/* an announcement that is lost after READY=1 changes nothing */
	{TO_READY "|@lost|READY=1|=getty.target|+", IS_READY "||||"},
};

#define TEST_TABLE(test, table, unit)                                  \
	START_TEST(test)                                               \
	{                                                              \
		check_sequence((table)[_i].in, (table)[_i].out, unit); \
	}                                                              \
	END_TEST

TEST_TABLE(when_ready_means_ready, readiness, NULL)
TEST_TABLE(one_emergency_and_another, one_of_two_emergencies, NULL)
TEST_TABLE(how_a_life_ends, ends, NULL)
TEST_TABLE(when_a_new_life_begins, lives, NULL)
TEST_TABLE(what_the_vmm_tells, of_the_vmm, NULL)
TEST_TABLE(a_ready_unit, with_a_unit, "web.target")
TEST_TABLE(a_lost_ready_is_inferred, readiness_is_inferred, NULL)
TEST_TABLE(losses_of_other_messages, other_losses, NULL)

START_TEST(nothing_is_inferred_if_a_ready_unit_is_configured)
{
	check_sequence(BOOT "|@lost|" DEFAULT_TARGET "|~|READY=1|~|=web.target",
	               BOOTED "|||||||ready", "web.target");
}
END_TEST

/* But READY=1 is held as if it were not. */
START_TEST(nothing_is_inferred_with_infer_ready_no)
{
	const struct life no = {.never_infer = true};

	check_sequence_of(no, BOOT "|@lost|" DEFAULT_TARGET "|~|~|READY=1", BOOTED "||||||ready");
	check_sequence_of(no, BOOT "|@lost|READY=1|~|=basic.target", BOOTED "||||ready");
	/* in the next life, too */
	check_sequence_of(no, "@process 7|" BOOT "|@process 8|" BOOT "|@lost|" DEFAULT_TARGET "|~",
	                  "|" BOOTED "|waiting|" BOOTED "||||");
}
END_TEST

static const char *const emergency_units[] = {"emergency.target", "rescue.target"};

/* Each sequence with each of the two. */
START_TEST(emergency_and_recovery)
{
	const struct sequence *one = &emergencies[_i / 2];
	const char *unit = emergency_units[_i % 2];
	char in[512];

	replace_all(in, sizeof(in), one->in, "%s", unit);
	check_sequence(in, one->out, NULL);
}
END_TEST

START_TEST(the_ready_unit_may_be_one_of_the_emergency)
{
	char in[512];

	snprintf(in, sizeof(in), BOOT "|=%s|READY=1|=%s", emergency_units[_i],
	         emergency_units[1 - _i]);
	check_sequence(in, BOOTED "|ready||emergency", emergency_units[_i]);
}
END_TEST

START_TEST(basic_target_may_be_the_ready_unit)
{
	check_sequence(BOOT "|=basic.target|READY=1", BOOTED "|ready|", "basic.target");
}
END_TEST

START_TEST(a_ready_is_held_no_longer_than_that)
{
	struct life life = {0};
	struct life_step step;

	life_message(&life, "X_SYSTEMD_HOSTNAME=h", 20, 5, &step);
	life_message(&life, "READY=1", 7, 5, &step);
	ck_assert_uint_eq(life.held_until_usec, 5 + LIFE_HOLD_USEC);
	life_time(&life, 4 + LIFE_HOLD_USEC, &step);
	ck_assert_uint_eq(step.count, 0);
	ck_assert(!step.ready);
	life_time(&life, 5 + LIFE_HOLD_USEC, &step);
	ck_assert_uint_eq(step.count, 1);
	ck_assert(step.ready);
	ck_assert_uint_eq(life.held_until_usec, 0);
}
END_TEST

/* What is no edge may be told all the same. */
START_TEST(the_service_manager_is_told_ready_each_time_the_guest_says_it)
{
	struct life life = {0};
	struct life_step step;

	for (int i = 0; i < 3; i++) {
		life_message(&life, "READY=1", 7, 5, &step);
		ck_assert(step.ready);
		ck_assert_uint_eq(step.count, i == 0);
	}
	life_message(&life, "X_SYSTEMD_UNIT_ACTIVE=rescue.target", 35, 5, &step);
	ck_assert(step.degraded);
	life_message(&life, "READY=1", 7, 5, &step);
	ck_assert(step.degraded && !step.ready);
	ck_assert_uint_eq(step.count, 0);
}
END_TEST

START_TEST(a_way_of_any_length_is_taken)
{
	char text[4096];
	struct life life = {0};
	struct life_step step;

	memset(text, 'x', sizeof(text));
	memcpy(text, "X_SYSTEMD_SHUTDOWN=", 19);
	life_message(&life, text, sizeof(text), 5, &step);
	ck_assert_uint_eq(step.count, 1);
	ck_assert_uint_eq(step.edges[0].length, sizeof(text) - 19);
	ck_assert_uint_eq(strlen(life.way), LIFE_WAY_MAX - 1);
}
END_TEST

#define ADD_TABLE(test, table) \
	tcase_add_loop_test(tcase, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int main(void)
{
	Suite *suite = suite_create("life");
	TCase *tcase = harness_case(suite, "sequences");

	ADD_TABLE(when_ready_means_ready, readiness);
	tcase_add_loop_test(tcase, emergency_and_recovery, 0,
	                    2 * (int)(sizeof(emergencies) / sizeof(emergencies[0])));
	ADD_TABLE(one_emergency_and_another, one_of_two_emergencies);
	ADD_TABLE(how_a_life_ends, ends);
	ADD_TABLE(when_a_new_life_begins, lives);
	ADD_TABLE(what_the_vmm_tells, of_the_vmm);
	ADD_TABLE(a_ready_unit, with_a_unit);
	ADD_TABLE(a_lost_ready_is_inferred, readiness_is_inferred);
	ADD_TABLE(losses_of_other_messages, other_losses);
	tcase_add_test(tcase, nothing_is_inferred_if_a_ready_unit_is_configured);
	tcase_add_test(tcase, nothing_is_inferred_with_infer_ready_no);
	tcase_add_loop_test(tcase, the_ready_unit_may_be_one_of_the_emergency, 0, 2);
	tcase_add_test(tcase, basic_target_may_be_the_ready_unit);
	tcase = harness_case(suite, "step");
	tcase_add_test(tcase, a_ready_is_held_no_longer_than_that);
	tcase_add_test(tcase, the_service_manager_is_told_ready_each_time_the_guest_says_it);
	tcase_add_test(tcase, a_way_of_any_length_is_taken);
	return harness_run(suite);
}
