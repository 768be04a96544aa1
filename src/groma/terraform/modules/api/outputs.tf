output "id" {
  description = "Id of the API (dimension ApiId)."
  value       = aws_apigatewayv2_api.this.id
}

output "domain_name" {
  description = "Domain name under which the API answers, for a distribution's origin."
  value       = "${aws_apigatewayv2_api.this.id}.execute-api.${local.region}.amazonaws.com"
}

output "execution_arn" {
  description = "ARN that begins those of the API's routes."
  value       = aws_apigatewayv2_api.this.execution_arn
}

output "stage" {
  description = "Name of the stage (dimension Stage)."
  value       = aws_apigatewayv2_stage.this.name
}

output "log_group_name" {
  description = "Name of the log group of the access log."
  value       = aws_cloudwatch_log_group.access.name
}
