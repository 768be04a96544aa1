resource "aws_acm_certificate" "this" {
  domain_name               = var.domain
  subject_alternative_names = var.other_names
  validation_method         = "DNS"

  tags = { Name = var.domain }

  # What uses the certificate changes over to the new one before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

# One record for each name; it stays, because AWS asks for it again at every renewal.
resource "aws_route53_record" "validation" {
  for_each = var.make_records ? toset(concat([var.domain], var.other_names)) : toset([])

  zone_id         = var.zone_id
  name            = local.validations[each.key].resource_record_name
  type            = local.validations[each.key].resource_record_type
  records         = [local.validations[each.key].resource_record_value]
  ttl             = 300
  allow_overwrite = true # a wildcard and its domain have the same record
}

locals {
  validations = { for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option }
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = var.make_records ? [for record in aws_route53_record.validation : record.fqdn] : null
}
