mock_provider "aws" {
  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
      domain_validation_options = [
        { domain_name = "chirp.example", resource_record_name = "_a.chirp.example.", resource_record_type = "CNAME", resource_record_value = "_x.acm-validations.aws." },
        { domain_name = "www.chirp.example", resource_record_name = "_b.www.chirp.example.", resource_record_type = "CNAME", resource_record_value = "_y.acm-validations.aws." },
      ]
    }
  }
}

variables {
  domain      = "chirp.example"
  other_names = ["www.chirp.example"]
  zone_id     = "Z0123456789ABCDEFGHIJ"
}

run "proves_every_name_by_a_record" {
  command = apply

  assert {
    condition     = aws_acm_certificate.this.validation_method == "DNS" && aws_acm_certificate.this.subject_alternative_names == toset(["www.chirp.example"])
    error_message = "The certificate must be for every name, proved by DNS."
  }

  assert {
    condition = { for name, record in aws_route53_record.validation : name => [record.zone_id, record.name, record.type, one(record.records)] } == {
      "chirp.example"     = ["Z0123456789ABCDEFGHIJ", "_a.chirp.example.", "CNAME", "_x.acm-validations.aws."]
      "www.chirp.example" = ["Z0123456789ABCDEFGHIJ", "_b.www.chirp.example.", "CNAME", "_y.acm-validations.aws."]
    }
    error_message = "Each name must have the record that AWS asks for."
  }

  assert {
    condition     = output.arn == aws_acm_certificate_validation.this.certificate_arn && aws_acm_certificate_validation.this.certificate_arn == aws_acm_certificate.this.arn
    error_message = "The ARN must be told once the certificate is issued."
  }
}

run "leaves_the_records_to_another_certificate_of_the_same_names" {
  command = apply

  variables {
    make_records = false
  }

  assert {
    condition     = length(aws_route53_record.validation) == 0 && aws_acm_certificate_validation.this.certificate_arn == aws_acm_certificate.this.arn
    error_message = "No record may be made, and the certificate be waited for all the same."
  }
}

run "rejects_a_url" {
  command = plan

  variables {
    domain = "https://chirp.example"
  }

  expect_failures = [var.domain]
}

run "rejects_a_name_twice" {
  command = plan

  variables {
    other_names = ["chirp.example"]
  }

  expect_failures = [var.other_names]
}

run "rejects_a_zone_that_is_a_name" {
  command = plan

  variables {
    zone_id = "chirp.example"
  }

  expect_failures = [var.zone_id]
}
