// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults on demand, to see whether a sanitizer is awake.  No part of the
 * series: the harness adds this file to its own copy of a tree, and only when
 * it builds a kernel with a sanitizer.  What is written to the file
 * /sys/kernel/debug/planted-faults names the fault.
 */

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

static unsigned long raced;
static int sink;

/* Two writers at once race, and so do both with a third that reads. */
static noinline void plant_race(void)
{
	const unsigned long end = jiffies + 2 * HZ;
	int i;

	while (time_before(jiffies, end)) {
		for (i = 0; i < 1000; i++) {
			raced++;
			barrier();
		}
		cond_resched();
	}
}

static noinline void plant_use_after_free(void)
{
	int *memory = kzalloc(64, GFP_KERNEL);

	if (!memory)
		return;
	kfree(memory);
	OPTIMIZER_HIDE_VAR(memory);
	WRITE_ONCE(sink, memory[8]);
}

static noinline void plant_index(void)
{
	static struct {
		int array[4];
		int behind;
	} values;
	unsigned int index = ARRAY_SIZE(values.array);

	OPTIMIZER_HIDE_VAR(index);
	WRITE_ONCE(sink, values.array[index]);
}

static noinline void plant_list(void)
{
	struct list_head node;
	LIST_HEAD(head);

	list_add(&node, &head);
	list_add(&node, &head);
}

static noinline void plant_sleep(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	might_sleep();
	spin_unlock(&lock);
}

static noinline void plant_lock_order(void)
{
	static DEFINE_MUTEX(first);
	static DEFINE_MUTEX(second);

	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static const struct {
	const char *name;
	void (*plant)(void);
} faults[] = {
	{ "race", plant_race },		  { "use-after-free", plant_use_after_free },
	{ "index", plant_index },	  { "list", plant_list },
	{ "sleep", plant_sleep },	  { "lock-order", plant_lock_order },
};

static ssize_t plant(struct file *file, const char __user *buffer, size_t count,
		     loff_t *offset)
{
	char name[32] = {};
	size_t i;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buffer, count))
		return -EFAULT;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!sysfs_streq(name, faults[i].name))
			continue;
		faults[i].plant();
		return count;
	}
	return -EINVAL;
}

static const struct file_operations operations = {
	.open = simple_open,
	.write = plant,
};

static int __init add_planted_faults(void)
{
	debugfs_create_file("planted-faults", 0200, NULL, NULL, &operations);
	return 0;
}
late_initcall(add_planted_faults);
