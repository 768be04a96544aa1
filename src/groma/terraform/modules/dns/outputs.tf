output "zone_id" {
  description = "Id of the zone."
  value       = local.zone_id
}

output "name_servers" {
  description = "Name servers of the zone: the registrar of the domain must name these."
  value       = local.name_servers
}

output "health_check_ids" {
  description = "Ids of the health checks by their names (dimension HealthCheckId)."
  value       = local.health_check_ids
}
