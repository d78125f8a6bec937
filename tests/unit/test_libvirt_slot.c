/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of the libvirt plugin's slot: what is read is always one report, whole, also while another process writes as fast as
 * it can and when it is killed in the middle; and the reader can do the writer no harm.
 */
#include "plugins/libvirt/slot.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "harness.h"

#define READS 20000

static struct slot *slot;
static int fd;

static void setup(void)
{
	slot = slot_make(&fd);
	ck_assert_ptr_nonnull(slot);
}

static void teardown(void)
{
	munmap(slot, sizeof(*slot));
	close(fd);
}

/* All of its words are of one number. */
static struct report of_number(uint32_t number)
{
	struct report report;
	uint32_t words[SLOT_WORDS];

	for (size_t i = 0; i < SLOT_WORDS; i++)
		words[i] = number;
	memcpy(&report, words, sizeof(report));
	return report;
}

static void check_whole(const struct report *report, uint32_t *last)
{
	struct report expected = of_number(report->life);

	ck_assert_mem_eq(report, &expected, sizeof(expected));
	ck_assert_uint_ge(report->life, *last);
	*last = report->life;
}

START_TEST(nothing_written_is_nothing_read)
{
	struct report report;

	ck_assert(!slot_read(slot, &report));
}
END_TEST

static void each_is_read(uint32_t number)
{
	for (uint32_t i = 1; i < 10; i++) {
		struct report report = of_number(i), got;

		slot_write(slot, &number, &report);
		ck_assert(slot_read(slot, &got));
		ck_assert_mem_eq(&got, &report, sizeof(got));
	}
}

START_TEST(the_newest_is_read)
{
	each_is_read(0);
}
END_TEST

START_TEST(numbers_that_wrap_are_not_none)
{
	each_is_read(UINT32_MAX - 2);
}
END_TEST

/* Writes until it is killed. */
static pid_t start_writer(void)
{
	uint32_t number = 0;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	for (uint32_t i = 1;; i++) {
		struct report report = of_number(i);

		slot_write(slot, &number, &report);
	}
}

START_TEST(a_report_is_never_torn)
{
	const struct slot *mapped = slot_map(fd);
	pid_t writer = start_writer();
	struct report report;
	uint32_t last = 0;
	unsigned good = 0;

	ck_assert_ptr_nonnull(mapped);
	while (good < READS) {
		if (!slot_read(mapped, &report))
			continue;
		check_whole(&report, &last);
		good++;
	}
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	munmap((void *)(uintptr_t)mapped, sizeof(*mapped));
}
END_TEST

START_TEST(a_writer_that_was_killed_leaves_a_whole_one)
{
	struct report report;

	for (int i = 0; i < 50; i++) {
		uint32_t last = 0;
		pid_t writer;

		/* A slot has one writer in its life: another would begin to count anew. */
		teardown();
		setup();
		writer = start_writer();
		while (!slot_read(slot, &report))
			;
		kill(writer, SIGKILL);
		waitpid(writer, NULL, 0);
		ck_assert(slot_read(slot, &report));
		check_whole(&report, &last);
	}
}
END_TEST

START_TEST(the_reader_can_neither_write_nor_cut)
{
	ck_assert_ptr_eq(mmap(NULL, sizeof(*slot), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
	                 MAP_FAILED);
	ck_assert_int_eq(pwrite(fd, "x", 1, 0), -1);
	ck_assert_int_eq(ftruncate(fd, 0), -1);
	ck_assert_int_eq(errno, EPERM);
}
END_TEST

START_TEST(memory_of_another_size_is_not_mapped)
{
	int other = memfd_create("other", MFD_CLOEXEC);

	ck_assert_ptr_null(slot_map(other));
	ck_assert_int_eq(ftruncate(other, sizeof(*slot) - 1), 0);
	ck_assert_ptr_null(slot_map(other));
	close(other);
	ck_assert_ptr_null(slot_map(other));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("libvirt_slot");
	TCase *cases = harness_case(suite, "slot");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, nothing_written_is_nothing_read);
	tcase_add_test(cases, the_newest_is_read);
	tcase_add_test(cases, numbers_that_wrap_are_not_none);
	tcase_add_test(cases, a_report_is_never_torn);
	tcase_add_test(cases, a_writer_that_was_killed_leaves_a_whole_one);
	tcase_add_test(cases, the_reader_can_neither_write_nor_cut);
	tcase_add_test(cases, memory_of_another_size_is_not_mapped);
	return harness_run(suite);
}
