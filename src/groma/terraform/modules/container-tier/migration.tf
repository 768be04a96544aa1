# What is run once for each release before a task serves, by one task of all. Two containers do it in each task: `once`
# holds a lock in the database and stays; `migration` runs the command, in the application's image. The application
# waits until `once` is healthy. It is essential: if it fails, the task ends, and the deployment counts it as failed.

locals {
  shared = [{ sourceVolume = "once", containerPath = "/run/migration", readOnly = false }]

  before = concat(
    [for each in var.migration[*] : {
      name        = "once"
      image       = each.image
      essential   = true
      entryPoint  = ["/bin/sh", "-c", file("${path.module}/once.sh")]
      environment = [{ name = "KEY", value = "migrate ${var.container.image} ${sha1(jsonencode(each.command))}" }]
      secrets     = [{ name = "DATABASE_URL", valueFrom = each.database_url }]
      mountPoints = local.shared

      # It waits for the migration, its own or another task's, for 330 s at most.
      healthCheck     = { command = ["CMD-SHELL", "test -e /run/migration/done"], interval = 5, timeout = 2, retries = 10, startPeriod = 300 }
      linuxParameters = { initProcessEnabled = true }
    }],
    [for each in var.migration[*] : merge(local.container, {
      name        = "migration"
      essential   = false
      entryPoint  = ["/bin/sh", "-c", file("${path.module}/migrate.sh"), "migration"]
      command     = each.command
      environment = [for name, value in var.container.environment : { name = name, value = value }]
      mountPoints = local.shared
      dependsOn   = [{ containerName = "once", condition = "START" }]
    })],
  )

  after_migration = var.migration == null ? {} : { dependsOn = [{ containerName = "once", condition = "HEALTHY" }] }
}
