{{/* Labels that choose the pods of one workload: {root, name}. */}}
{{- define "meydan.selector" -}}
app.kubernetes.io/name: meydan
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "meydan.labels" -}}
{{ include "meydan.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* The name of a workload's objects: {root, name}. */}}
{{- define "meydan.name" -}}
{{ printf "%s-%s" .root.Release.Name .name | trunc 52 | trimSuffix "-" }}
{{- end }}

{{/* The workloads of the chosen placement, by name, as JSON. */}}
{{- define "meydan.workloads" -}}
{{- $chosen := dict }}
{{- range $name, $workload := .Values.workloads }}
{{- if eq $workload.placement $.Values.placement }}{{ $_ := set $chosen $name $workload }}{{ end }}
{{- end }}
{{- toJson $chosen }}
{{- end }}

{{/* The workload that players reach. */}}
{{- define "meydan.door" -}}
{{ eq .Values.placement "together" | ternary "all" "gateway" }}
{{- end }}

{{/* Not empty when other processes call this workload: {root, workload}. They learn its address from the registry in Redis. */}}
{{- define "meydan.answers" -}}
{{- if and .root.Values.redis (regexMatch "(^|[\\s;])(all|rooms|services:)" .workload.roles) }}yes{{ end }}
{{- end }}

{{/*
A process that shares a Redis with others takes its number, its leases and its name from there: pods are alike, and a Deployment replaces them.
One that is alone keeps its leases in memory. Of a StatefulSet no two pods ever have one name, so that it is never there twice, also
when its machine is lost.
*/}}
{{- define "meydan.kind" -}}
{{ .Values.redis | ternary "Deployment" "StatefulSet" }}
{{- end }}

{{/* Ends the installation where the values say what cannot work. */}}
{{- define "meydan.check" -}}
{{- if not .Values.redis }}
{{- if eq .Values.placement "apart" }}{{ fail "placement: apart needs redis: true, by which the processes find each other" }}{{ end }}
{{- with .Values.workloads.all }}
{{- if or .autoscaling (gt (int .replicas) 1) }}{{ fail "workloads.all: more than one process needs redis: true, by which they share rooms and sessions" }}{{ end }}
{{- end }}
{{- end }}
{{- if and .Values.kafka.sasl (not .Values.kafka.brokers) }}{{ fail "kafka.sasl needs kafka.brokers" }}{{ end }}
{{- end }}
