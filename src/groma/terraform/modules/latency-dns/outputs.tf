output "name" {
  description = "Domain name that all regions answer for; known once each region's record stands."
  value       = var.name

  depends_on = [aws_route53_record.this]
}

output "health_check_ids" {
  description = "Ids of the health checks by region (dimension HealthCheckId, published in us-east-1)."
  value       = { for region, check in aws_route53_health_check.this : region => check.id }
}
