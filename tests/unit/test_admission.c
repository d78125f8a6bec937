/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of guest/admission: who makes room at --max-connections. */
#include "admission_fixture.h"

/* What may stand in a connection's way of being given up, a letter each. */
static const char kinds[] = "suhdtb";

/* Who goes first; the last two are alike. */
static const char *const order[] = {"s", "u", "h", "d", "tb"};

/*
 * The oldest first. Fills the house with them, has one more connect, and returns the place of the one that
 * had to go.
 */
static int who_goes(const char *house)
{
	unsigned count = (unsigned)strlen(house);
	uint64_t first_id = all.last_id + 1;
	int guests[8], newcomer, gone = -1;

	all.max = count;
	for (unsigned i = 0; i < count; i++) {
		guests[i] = guest_of(house[i]);
		newest_grows_old();
	}
	ck_assert_uint_eq(all.count, count);
	newcomer = guest_connect("");
	ck_assert_uint_eq(all.count, count);
	for (unsigned i = 0; i < count; i++) {
		if (is_open(first_id + i))
			continue;
		ck_assert_msg(gone == -1, "%s: more than one is gone", house);
		ck_assert(guest_goes_on(guests[i]));
		gone = (int)i;
	}
	ck_assert_int_eq(guest_goes_on(newcomer), gone == -1);
	ck_assert_int_eq(is_open(first_id + count), gone != -1);
	connections_close_all(&all);
	for (unsigned i = 0; i < count; i++)
		close(guests[i]);
	close(newcomer);
	messages[0] = '\0';
	return gone;
}

static const struct {
	const char *house;
	int goes;
} houses[] = {
	/* all alike: the oldest */
	{"ssss", 0},
	{"uuuu", 0},
	{"hhhh", 0},
	/* silent, then unended, then held, whatever their age */
	{"suh", 0},
	{"hus", 2},
	{"uhs", 2},
	{"hu", 1},
	{"uh", 0},
	/* the oldest of the least use, not of the house */
	{"usus", 1},
	{"huhu", 1},
	{"dtbhuhs", 6},
	{"tdhbh", 2},
	/* then what has come and is not known to be whole, and barriers last */
	{"dddd", 0},
	{"tttt", 0},
	{"bbbb", 0},
	{"dtb", 0},
	{"tbd", 2},
	{"bt", 0},
	{"dtbs", 3},
	{"sdtb", 0},
	{"dubt", 1},
	{"thdb", 1},
	/* a house of one */
	{"s", 0},
	{"u", 0},
	{"h", 0},
	{"d", 0},
	{"t", 0},
	{"b", 0},
};

START_TEST(the_oldest_of_the_least_use_makes_room)
{
	ck_assert_int_eq(who_goes(houses[_i].house), houses[_i].goes);
}
END_TEST

/* Every house of three, against the rule in other words. */
START_TEST(every_house_of_three)
{
	for (const char *a = kinds; *a; a++) {
		for (const char *b = kinds; *b; b++) {
			for (const char *c = kinds; *c; c++) {
				const char house[] = {*a, *b, *c, '\0'};
				int expected = -1;

				for (unsigned i = 0; expected < 0; i++)
					if (strpbrk(house, order[i]))
						expected = (int)(strpbrk(house, order[i]) - house);
				ck_assert_msg(who_goes(house) == expected, "%s", house);
			}
		}
	}
}
END_TEST

START_TEST(below_the_limit_nobody_goes)
{
	int guests[4];

	for (int i = 0; i < 4; i++) {
		guests[i] = guest_connect(i % 2 ? "A=1" : "");
		ck_assert_uint_eq(all.count, i + 1);
	}
	for (int i = 0; i < 4; i++) {
		ck_assert(!guest_goes_on(guests[i]));
		close(guests[i]);
	}
}
END_TEST

/* Slow ones are no reason to give up one that has just come and not had the time to speak. */
START_TEST(who_is_young_stays)
{
	int slow[2], young, next;

	all.max = 3;
	for (int i = 0; i < 2; i++) {
		slow[i] = guest_of('u');
		newest_grows_old();
	}
	young = guest_of(_i ? 'd' : 's');
	next = guest_connect("");
	ck_assert(guest_goes_on(slow[0]));
	ck_assert(is_open(3));
	close(next);
	close(slow[0]);
	close(slow[1]);
	close(young);
}
END_TEST

START_TEST(of_the_young_the_oldest_goes)
{
	int first = guest_of('s'), second, next;

	all.max = 2;
	second = guest_of('s');
	next = guest_connect("");
	ck_assert(guest_goes_on(first));
	ck_assert(!guest_goes_on(second));
	close(first);
	close(second);
	close(next);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("admission");
	TCase *tcase = harness_case(suite, "who");

	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_loop_test(tcase, the_oldest_of_the_least_use_makes_room, 0,
	                    (int)(sizeof(houses) / sizeof(houses[0])));
	tcase_add_test(tcase, every_house_of_three);
	tcase_add_test(tcase, below_the_limit_nobody_goes);
	tcase_add_loop_test(tcase, who_is_young_stays, 0, 2);
	tcase_add_test(tcase, of_the_young_the_oldest_goes);
	return harness_run(suite);
}
